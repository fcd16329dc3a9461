-- what: the texts that say who answered: the rater where the file names one, else the tool's response id
-- grain: one distinct text
-- reader: pipeline.load, which turns each into a pseudonym
select distinct coalesce(rater, response) as party,
from received
