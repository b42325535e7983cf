/** Two nodes and a wire. */

export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M5 5h3a3 3 0 0 1 3 3v4a3 3 0 0 0 3 3h1" fill="none" stroke="currentColor" strokeWidth="2" />
      <circle cx="4" cy="5" r="2.5" fill="currentColor" />
      <circle cx="16" cy="15" r="2.5" fill="currentColor" />
    </svg>
  );
}
