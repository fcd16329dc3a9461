"""Invented people: given and family names drawn apart, and addresses that lead nowhere."""

import unicodedata

import numpy as np

GIVEN = (
    "Amara", "Anouk", "Aylin", "Bao", "Beatriz", "Bjarne", "Chidi", "Clara", "Dalia", "Darko",
    "Elif", "Emeka", "Esra", "Farid", "Femke", "Freya", "Gaia", "Goran", "Hana", "Hiro",
    "Ifeoma", "Ilse", "Imani", "Inés", "Jakub", "Jaya", "Jonas", "Kaito", "Kamala", "Karim",
    "Lea", "Leila", "Linh", "Luca", "Maëlle", "Malik", "Marta", "Mei", "Milan", "Nadia",
    "Naveen", "Niamh", "Noor", "Oluwa", "Oskar", "Paloma", "Petra", "Priya", "Quentin", "Rania",
    "Ravi", "Rosa", "Ruben", "Sahar", "Sanna", "Selim", "Sigrid", "Søren", "Tama", "Tariq",
    "Tomás", "Ulla", "Valeria", "Viktor", "Wanjiru", "Xiomara", "Yara", "Yusuf", "Zofia", "Zoë",
)  # fmt: skip
FAMILY = (
    "Abernek", "Adeyomi", "Alvarsson", "Andrejko", "Aroyan", "Bakkerveld", "Balewa-Roy", "Berglind",
    "Caldeiro", "Castellmar", "Chenoweth-Li", "Dahlvik", "Demirhan", "Dragovan", "Eklundra", "Elmasri-Voss",
    "Farrowdale", "Fontessa", "Fujimora", "Galtieri", "Ganeshan", "Grünfels", "Haddadin", "Halloran",
    "Ibarrola", "Ikedawa", "Ivarsen", "Jankovar", "Jerabeki", "Kaplanou", "Karimzade", "Koivulahti",
    "Kowalenko", "Lindqvara", "Lomanoff", "Machadinho", "Marchetta", "Mbekani", "Moravčik", "Nakashiro",
    "Ndiayeh", "Nordanger", "Obiorah", "Okonjo-Hale", "Ortegal", "Pallaswamy", "Peralto", "Petrović-Lane",
    "Qureshan", "Ramaswani", "Rautavaara", "Rosenthaler", "Sandovar", "Santangeli", "Schönwald", "Sokolanu",
    "Takemori", "Tanakari", "Tembowa", "Thorvalden", "Ueharo", "Vandermark", "Vasilenko", "Vennegoor",
    "Wachirani", "Weidenbach", "Wójtowska", "Yamadori", "Yildirak", "Zamoranes", "Zielonka", "Zubairi",
)  # fmt: skip


def draw_names(count: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Returns so many different full names, in random order."""
    places = rng.choice(len(GIVEN) * len(FAMILY), size=count, replace=False)
    return tuple(f"{GIVEN[place % len(GIVEN)]} {FAMILY[place // len(GIVEN)]}" for place in places)


def make_email(name: str, twin: int = 0) -> str:
    """Returns the address of a person; `twin` tells namesakes apart.

    >>> make_email("Søren Moravčik")
    'soren.moravcik@example.com'
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o"))
    letters = "".join(sign for sign in plain if sign.isascii())
    return f"{letters.replace(' ', '.')}{twin or ''}@example.com"
