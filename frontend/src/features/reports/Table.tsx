// Figures as a table; a list where it is narrow.

interface Props {
  caption: string;
  heads: readonly string[];
  /** The first of each is what the row is about. */
  rows: readonly (readonly (string | number)[])[];
}

export function Table({ caption, heads, rows }: Props) {
  return (
    <table role="table" className="plain-table stack">
      <caption className="sr">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {heads.map((one) => (
            <th role="columnheader" scope="col" key={one}>
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(([first, ...rest]) => (
          <tr role="row" key={[first, ...rest].join(" ")}>
            <th role="rowheader" scope="row">
              {first}
            </th>
            {rest.map((one, index) => (
              <td role="cell" key={heads[index + 1]} data-label={heads[index + 1]} className="figure">
                {one}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
