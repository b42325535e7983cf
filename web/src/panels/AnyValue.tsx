/** A value, by what draws it; that comes right after the page. */

import { type ComponentProps, lazy, Suspense } from "react";
import type { ValueView } from "../values/ValueView";

const View = lazy(async () => ({ default: (await import("./later")).ValueView }));

export function AnyValue(props: ComponentProps<typeof ValueView>) {
  return (
    <Suspense>
      <View {...props} />
    </Suspense>
  );
}
