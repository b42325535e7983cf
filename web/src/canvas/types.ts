/** How a type is drawn: the shape is its family, the colour the type. The colours themselves stand in tokens.css. */

import type { PortType } from "../graph/catalog";

export type Shape = "square" | "circle" | "pill" | "diamond" | "ring";

interface Kind {
  readonly shape: Shape;
  readonly colour: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  Denoiser: { shape: "square", colour: "model" },
  TextEncoderModel: { shape: "square", colour: "encoder" },
  TokenizerModel: { shape: "square", colour: "tokenizer" },
  Autoencoder: { shape: "square", colour: "vae" },
  Conditioning: { shape: "circle", colour: "conditioning" },
  Guidance: { shape: "circle", colour: "guidance" },
  Latent: { shape: "circle", colour: "latent" },
  Image: { shape: "circle", colour: "image" },
  Mask: { shape: "circle", colour: "mask" },
  Video: { shape: "pill", colour: "video" },
  Audio: { shape: "pill", colour: "audio" },
  str: { shape: "diamond", colour: "text" },
  Tokens: { shape: "diamond", colour: "tokens" },
  Words: { shape: "diamond", colour: "text" },
  int: { shape: "diamond", colour: "number" },
  float: { shape: "diamond", colour: "number" },
  bool: { shape: "diamond", colour: "number" },
  Schedule: { shape: "diamond", colour: "schedule" },
};

const HUES = 12;

/** The classes of a socket, a wire or a swatch of this type; a type that is not known has a hue of its own. */
export function typeClass(type: PortType): string {
  return `t-${colourOf(type)}`;
}

export function shapeOf(type: PortType): Shape {
  return KINDS[type.name]?.shape ?? "ring";
}

export function colourOf(type: PortType): string {
  return KINDS[type.name]?.colour ?? (type.name.length === 1 ? "any" : `x${hash(type.name) % HUES}`);
}

/** The name of a type as people say it. */
const NAMES: Readonly<Record<string, string>> = {
  str: "text",
  int: "number",
  float: "number",
  bool: "yes or no",
  TextEncoderModel: "text encoder",
  TokenizerModel: "tokenizer",
  CLIPModel: "CLIP model",
  DINOModel: "DINO model",
  "?": "any",
};

export function typeName(type: PortType): string {
  const name = NAMES[type.name] ?? (type.name.length === 1 ? "any" : spaced(type.name));
  return type.many ? `${name} list` : name;
}

/** `text_encoder` -> `text encoder`, `AttentionMaps` -> `attention maps`. */
export function spaced(name: string): string {
  return name
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

function hash(text: string): number {
  let value = 7;
  for (const letter of text) value = (value * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return value;
}
