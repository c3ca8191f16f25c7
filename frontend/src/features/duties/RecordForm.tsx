// One form. It has no button to send it off: each field is saved when it is left, and says whether it was.
import type { RefObject } from "react";
import type { Done, PaperRecord } from "../../api/types";
import { useWords } from "../../ui/words";
import { Field } from "./Field";

interface Props {
  record: PaperRecord;
  caseId: string;
  fill: boolean;
  heading: RefObject<HTMLHeadingElement | null>;
  reload: () => Promise<void>;
  onDone: (done: Done) => void;
}

export function RecordForm({ record, caseId, fill, heading, reload, onDone }: Props) {
  const w = useWords();
  return (
    <form className="record" aria-labelledby="h-record" onSubmit={(event) => event.preventDefault()}>
      <h3 id="h-record" tabIndex={-1} ref={heading}>
        {record.title}
      </h3>
      {record.note && <p className="hint">{record.note}</p>}
      {fill && <p className="hint">{w.records.neededHint}</p>}
      <div className="record-fields">
        {record.fields.map((blank) => (
          <Field key={blank.id} blank={blank} record={record.id} caseId={caseId} fill={fill} reload={reload} onDone={onDone} />
        ))}
      </div>
      {record.source && <p className="meta">{w.records.source(record.source)}</p>}
    </form>
  );
}
