// Who can be reached, proven by a page that they took: for whoever answers for the rota.
import type { StaffReach } from "../../api/types";
import { useFetch } from "../../api/useFetch";
import { useNow } from "../../live/context";
import { Refused } from "../../ui/Refused";
import { useWords } from "../../ui/words";

const DAY = 86_400_000;
/** After so many days without a page taken, it is said in bold. */
const PROVEN_FOR_DAYS = 30;

export function Reachable({ version }: { version: string }) {
  const w = useWords();
  const now = useNow();
  const { found, problem } = useFetch<StaffReach>("/api/people/reach", version);
  const ago = (moment: string) => Math.floor((now - Date.parse(moment)) / DAY);
  return (
    <section aria-labelledby="h-reachable">
      <div className="section-head">
        <h2 id="h-reachable">{w.rota.reachable}</h2>
        <span className="meta">{w.rota.everyDays(PROVEN_FOR_DAYS)}</span>
      </div>
      <Refused problem={problem} />
      {found && (
        <table role="table" className="plain-table stack">
          <thead role="rowgroup">
            <tr role="row">
              {[w.rota.person, w.rota.ways, w.rota.lastTaken].map((one) => (
                <th role="columnheader" scope="col" key={one}>
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {found.people.map((one) => {
              const days = one.last_proved_at === null ? null : ago(one.last_proved_at);
              const words = days === null ? w.rota.never : w.rota.daysAgo(days);
              return (
                <tr role="row" key={one.person.id}>
                  <th role="rowheader" scope="row">
                    {one.person.name}
                  </th>
                  <td role="cell" data-label={w.rota.ways}>
                    {one.ways.length === 0 ? w.rota.noWay : one.ways.map((way) => w.reach.method[way]).join(", ")}
                    {one.lacks.map((lack) => (
                      <span className="lack" key={lack}>
                        {lack}
                      </span>
                    ))}
                  </td>
                  <td role="cell" data-label={w.rota.lastTaken}>
                    {days === null || days > PROVEN_FOR_DAYS ? <b>{words}</b> : words}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
