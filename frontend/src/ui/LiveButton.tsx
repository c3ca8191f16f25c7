// A button for what must not be done on old figures: dashed and idle while the screen is not live, and it says why.
import { type ComponentProps, useId } from "react";
import { useWords } from "./words";

export function LiveButton({ stale, onClick, children, className = "button", ...rest }: ComponentProps<"button"> & { stale: boolean }) {
  const w = useWords();
  const why = useId();
  if (!stale) {
    return (
      <button type="button" {...rest} className={className} onClick={onClick}>
        {children}
      </button>
    );
  }
  // Not `disabled`: it keeps the focus and can be read out, with its reason.
  return (
    <button
      {...rest}
      type="button"
      className={`${className} waits-for-live`}
      aria-disabled="true"
      aria-describedby={why}
      title={w.waitsForLive}
    >
      {children}
      <span className="sr" id={why}>
        {w.waitsForLive}
      </span>
    </button>
  );
}
