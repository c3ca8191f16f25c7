// Which questionnaires there are, on what terms, and whether they can be shown.
import type { Instrument } from "../../api/types";
import { type Words, useWords } from "../../ui/words";

export function Instruments({ instruments }: { instruments: readonly Instrument[] }) {
  const w = useWords();
  return (
    <table role="table" className="instruments">
      <thead role="rowgroup">
        <tr role="row">
          {[w.rules.instrument, w.rules.licence, w.rules.canBeShown, w.rules.validated, w.rules.itemsWord, w.rules.source].map((title) => (
            <th role="columnheader" scope="col" key={title}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {instruments.map((one) => (
          <tr role="row" key={one.id}>
            <th role="rowheader" scope="row" lang="en">
              {one.title} <span className="meta">{`${one.id}, ${one.version}`}</span>
            </th>
            <td role="cell" data-label={w.rules.licence}>
              {licence(one, w)}
            </td>
            <td role="cell" data-label={w.rules.canBeShown}>
              {shown(one, w)}
            </td>
            <td role="cell" data-label={w.rules.validated}>
              {one.validated ? w.rules.validatedYes : w.rules.validatedNo}
            </td>
            <td role="cell" className="num" data-label={w.rules.itemsWord}>
              {one.items}
            </td>
            <td role="cell" lang="en" className="second" data-label={w.rules.source}>
              {one.source}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function licence(one: Instrument, w: Words): string {
  const known: Record<string, string> = w.rules.licences;
  return known[one.licence] ?? one.licence;
}

function shown(one: Instrument, w: Words): string {
  if (one.outside !== null) return w.rules.outsideOnly;
  return one.shown ? w.rules.isShown : w.rules.needsPack;
}
