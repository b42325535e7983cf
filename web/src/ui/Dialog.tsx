/** A dialog: the browser's own, which holds the focus, closes on Escape and makes the rest inert. */

import { X } from "lucide-react";
import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { t } from "../app/i18n";
import { view } from "../app/view";

interface Props {
  readonly label: string;
  readonly plain?: boolean;
  readonly wide?: boolean;
  /** Nearly all of the window. */
  readonly full?: boolean;
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

export function Dialog({ label, plain = false, wide = false, full = false, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = onClose ?? (() => view.setState({ dialog: null }));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog
    <dialog
      ref={dialog}
      className={`dialog ${plain ? "plain" : ""} ${wide ? "wide" : ""} ${full ? "full" : ""}`}
      aria-label={label}
      onClose={close}
      onClick={closeOutside}
    >
      {!plain && (
        <header className="dialog-head">
          <h2>{label}</h2>
          <button type="button" className="icon-button" aria-label={t("dialog.close")} onClick={close}>
            <X className="icon" />
          </button>
        </header>
      )}
      {children}
    </dialog>
  );
}

function closeOutside(event: MouseEvent<HTMLDialogElement>): void {
  if (event.target === event.currentTarget) event.currentTarget.close();
}
