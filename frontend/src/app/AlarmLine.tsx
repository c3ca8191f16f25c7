// The visible twin of the sound: the latest alarm, in the free part of the top bar, where it moves nothing.
import { Mark } from "../ui/Mark";
import { useWords } from "../ui/words";
import { type Alarms, alarmWords } from "./useAlarms";

export function AlarmLine({ alarms }: { alarms: Alarms }) {
  const w = useWords();
  const imminent = alarms.standing.filter((one) => one.level === "imminent");
  const latest = imminent.at(-1) ?? alarms.standing.at(-1);
  if (!latest) return null;
  const more = alarms.standing.length - 1;
  return (
    <p className={latest.level === "imminent" ? "alarm alarm-imminent" : "alarm"}>
      <Mark shape={latest.why === "nobody" ? "nobody" : latest.level} />
      <b>{alarmWords(latest, w)}</b>
      {latest.drill && <span className="tag tag-drill">{w.drill}</span>}
      {more > 0 && <span className="meta">{w.alarmMore(more)}</span>}
      <a href={`/case/${latest.case}`}>{w.alarmOpen}</a>
      <button type="button" className="inline-link" onClick={alarms.seen}>
        {w.alarmSeen}
      </button>
    </p>
  );
}
