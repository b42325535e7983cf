/** A field that narrows a list. */

import { Search } from "lucide-react";

interface Props {
  readonly label: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
}

export function SearchField({ label, query, onQuery }: Props) {
  return (
    <label className="search-field">
      <Search className="icon" aria-hidden="true" />
      <input
        value={query}
        placeholder={label}
        aria-label={label}
        spellCheck={false}
        onChange={(event) => onQuery(event.currentTarget.value)}
      />
    </label>
  );
}
