/** A colour for the chosen frames and nodes. */

import { colourChosen, colourOfChosen } from "../app/actions/arrange";
import { t } from "../app/i18n";
import { view } from "../app/view";
import { COLOURS, type Colour } from "../graph/edit/marks";
import { Dialog } from "../ui/Dialog";

export function ColourDialog() {
  const now = colourOfChosen();
  return (
    <Dialog label={t("colour.title")}>
      <div className="colours" role="radiogroup" aria-label={t("colour.title")}>
        <Choice colour={null} chosen={now === null} />
        {COLOURS.map((colour) => (
          <Choice key={colour} colour={colour} chosen={now === colour} />
        ))}
      </div>
    </Dialog>
  );
}

function Choice({ colour, chosen }: { readonly colour: Colour | null; readonly chosen: boolean }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a swatch that is taken by one press is no field
    <button
      type="button"
      role="radio"
      aria-checked={chosen}
      className="colour"
      data-colour={colour ?? undefined}
      aria-label={t(`colour.${colour ?? "none"}`)}
      title={t(`colour.${colour ?? "none"}`)}
      onClick={() => {
        view.setState({ dialog: null });
        colourChosen(colour);
      }}
    />
  );
}
