// Everything works without this file. It shows how far one is, warns of unsaved answers and saves drafts.
"use strict";
(() => {
  const form = document.getElementById("form");
  if (!form) return;
  const said = form.dataset;
  const names = new Set([...form.querySelectorAll(".items input")].map((input) => input.name.replace(/n$/, "")));
  const live = document.createElement("div");
  const bar = document.createElement("progress");
  const text = document.createElement("span");
  const state = document.createElement("span");
  live.className = "live";
  state.setAttribute("role", "status");
  bar.max = names.size;
  live.append(bar, text, state);
  form.append(live);
  let changed = false, timer = 0, leaving = false;

  const answered = () => {
    const data = new FormData(form);
    return [...names].filter((name) => data.get(name) || data.get(name + "n")).length;
  };
  const show = () => {
    bar.value = answered();
    text.textContent = said.progress.replace("{done}", bar.value).replace("{all}", names.size);
    bar.setAttribute("aria-label", text.textContent);
  };
  const save = async () => {
    if (!changed || leaving || "try" in said) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "draft");
    changed = false;
    try {
      const reply = await fetch(form.action, { method: "POST", body });
      if (reply.status !== 204) throw new Error();
      state.textContent = said.saved;
    } catch {
      changed = true;
      state.textContent = said.unsaved;
    }
  };
  form.addEventListener("input", () => {
    changed = true;
    state.textContent = "";
    show();
    clearTimeout(timer);
    timer = setTimeout(save, 5000);
  });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => { if (changed && !leaving && !("try" in said)) event.preventDefault(); });
  show();
})();
