/** Take a graph elsewhere: a link to its run, or a file. */

import { Share2 } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { exportAs, graphLink, savePicture, shareLink } from "../app/actions/share";
import { isFinal, useRun } from "../app/following";
import { t } from "../app/i18n";
import { useScene } from "../app/stage";

const FORMS = ["png", "json", "python", "curl"] as const;

export function ShareMenu() {
  const run = useRun();
  const empty = useScene((scene) => scene.nodes.size === 0);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="icon-button" aria-label={t("bar.share")} title={t("bar.share")}>
        <Share2 className="icon" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={6}>
          <DropdownMenu.Item
            className="menu-item"
            disabled={!run || !isFinal(run)}
            onSelect={() => void shareLink()}
          >
            {t("share.link")}
          </DropdownMenu.Item>
          <DropdownMenu.Item className="menu-item" disabled={empty} onSelect={() => void graphLink()}>
            {t("share.graphLink")}
          </DropdownMenu.Item>
          <DropdownMenu.Separator className="menu-line" />
          <DropdownMenu.Item
            className="menu-item"
            disabled={run?.status !== "done"}
            onSelect={() => void savePicture()}
          >
            {t("share.picture")}
          </DropdownMenu.Item>
          {FORMS.map((form) => (
            <DropdownMenu.Item
              key={form}
              className="menu-item"
              disabled={empty}
              onSelect={() => void exportAs(form)}
            >
              {t(`share.${form}`)}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
