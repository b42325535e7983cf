/** Whether an element is on the screen or close to it. */

import { type RefObject, useEffect, useRef, useState } from "react";

const MARGIN = "400px";

export function useNear<E extends Element>(): readonly [RefObject<E | null>, boolean] {
  const element = useRef<E>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const root = current.closest(".gallery-scroll");
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      root,
      rootMargin: MARGIN,
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return [element, near];
}
