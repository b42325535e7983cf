/** A search field with a list below it: arrows choose, Enter takes, Escape leaves. One for palette and node search. */

import { Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";

interface Props<T> {
  readonly label: string;
  readonly placeholder: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly render: (item: T) => ReactNode;
  readonly nothing: string;
  readonly onTake: (item: T) => void;
  readonly onLeave: () => void;
  readonly aside?: ReactNode;
}

export function Listbox<T>(props: Props<T>) {
  const { label, placeholder, query, onQuery, items, keyOf, render, nothing, onTake, onLeave, aside } = props;
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const current = Math.min(at, items.length - 1);

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });

  function key(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    const item = items[current];
    if (step !== undefined) setAt(Math.max(0, Math.min(items.length - 1, current + step)));
    else if (event.key === "Enter" && item !== undefined) onTake(item);
    else if (event.key === "Escape") onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className="listbox">
      <div className="listbox-field">
        <Search className="icon" aria-hidden="true" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={items.length > 0 ? `${id} ${current}` : undefined}
          aria-label={label}
          placeholder={placeholder}
          value={query}
          // biome-ignore lint/a11y/noAutofocus: a person just asked to search
          autoFocus
          spellCheck={false}
          onKeyDown={key}
          onChange={(event) => {
            setAt(0);
            onQuery(event.currentTarget.value);
          }}
        />
        {aside}
      </div>
      <div className="listbox-items" role="listbox" id={id} aria-label={label} ref={list}>
        {items.map((item, place) => (
          <div
            key={keyOf(item)}
            id={`${id} ${place}`}
            role="option"
            tabIndex={-1}
            aria-selected={place === current}
            className="listbox-item"
            onPointerMove={() => setAt(place)}
            onClick={() => onTake(item)}
            onKeyDown={key}
          >
            {render(item)}
          </div>
        ))}
      </div>
      {items.length === 0 && <p className="listbox-nothing">{nothing}</p>}
    </div>
  );
}
