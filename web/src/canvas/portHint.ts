/** What a tooltip says of a port: its type, what it allows, its default, and what it is for. */

import { number, t } from "../app/i18n";
import type { InputSpec, OutputSpec } from "../graph/catalog";
import { isList, type Json, numberOf } from "../graph/json";
import { spaced, typeName } from "./types";

const CHOICES = 8;
const LONGEST = 60;

export function inputHint(port: InputSpec): string {
  const facts = [rangeText(port), choicesText(port), defaultText(port)].filter((text) => text !== "");
  const first = [outputHint(port), ...facts].join(", ");
  return port.help === "" ? first : `${first}\n${port.help}`;
}

export function outputHint({ name, type }: Pick<OutputSpec, "name" | "type">): string {
  return t("port.hint", { name: spaced(name), type: typeName(type) });
}

function rangeText({ schema }: InputSpec): string {
  const [least, most] = [numberOf(schema?.minimum), numberOf(schema?.maximum)].map((end) =>
    end === undefined ? undefined : number(end, 4),
  );
  if (least !== undefined && most !== undefined) return t("port.range", { least, most });
  if (least !== undefined) return t("port.from", { least });
  return most === undefined ? "" : t("port.upTo", { most });
}

function choicesText({ schema }: InputSpec): string {
  const choices = isList(schema?.enum) ? schema.enum.map(String) : [];
  if (choices.length === 0) return "";
  const shown = choices.slice(0, CHOICES).join(", ");
  return t("port.choices", { choices: choices.length > CHOICES ? `${shown}, …` : shown });
}

function defaultText(port: InputSpec): string {
  if (port.required) return t("port.needed");
  const value = valueText(port.default);
  return value === "" ? "" : t("port.default", { value });
}

function valueText(value: Json): string {
  const found = numberOf(value);
  if (found !== undefined) return number(found, 4);
  if (typeof value === "boolean") return t(value ? "field.on" : "field.off");
  return typeof value === "string" ? value.slice(0, LONGEST) : "";
}
