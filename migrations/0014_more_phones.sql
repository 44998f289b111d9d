-- +goose Up

-- Further dial-in numbers, one per line.
ALTER TABLE meetings ADD COLUMN more_tolls TEXT NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN more_toll_frees TEXT NOT NULL DEFAULT '';

-- Earlier versions kept these numbers only in Graph's replies. The newest reply with
-- dial-in details has those of the meeting.
CREATE TEMPORARY TABLE phones AS
SELECT m.id, m.toll_number, m.toll_free_number, json_extract(r.body, '$.audioConferencing') AS audio
FROM meetings m JOIN replies r ON r.id = (
    SELECT max(n.id) FROM replies n
    WHERE n.meeting_id = m.id AND CASE WHEN json_valid(n.body) THEN json_type(n.body, '$.audioConferencing') = 'object' END)
WHERE json_type(r.body, '$.audioConferencing.tollNumbers') = 'array' OR json_type(r.body, '$.audioConferencing.tollFreeNumbers') = 'array';

UPDATE meetings SET
    more_tolls = coalesce((SELECT group_concat(replace(n.value, char(10), ' '), char(10)) FROM json_each(p.audio, '$.tollNumbers') n
        WHERE n.type = 'text' AND trim(n.value) NOT IN ('', p.toll_number)), ''),
    more_toll_frees = coalesce((SELECT group_concat(replace(n.value, char(10), ' '), char(10)) FROM json_each(p.audio, '$.tollFreeNumbers') n
        WHERE n.type = 'text' AND trim(n.value) NOT IN ('', p.toll_free_number)), '')
FROM phones p WHERE p.id = meetings.id;

DROP TABLE phones;
