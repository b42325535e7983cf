/** The pictures that nodes and buttons carry. */

import {
  AudioLines,
  Box,
  Brackets,
  Brain,
  CaseSensitive,
  Compass,
  FolderOpen,
  Frame,
  GitBranch,
  Image,
  Layers,
  type LucideIcon,
  Scan,
  Sigma,
  SlidersHorizontal,
  Type,
  WandSparkles,
  Waypoints,
} from "lucide-react";

const TYPES: Readonly<Record<string, LucideIcon>> = {
  Checkpoint: FolderOpen,
  Sampler: WandSparkles,
  CFG: Compass,
  EmptyFilmLatent: Layers,
  EmptyLatent: Layers,
  DrawLatent: Layers,
  Tokenizer: CaseSensitive,
  TextEncoder: Type,
  VAEDecode: Image,
  VAEEncode: Scan,
  LoadImage: Image,
  ResizeImage: Scan,
  Choose: GitBranch,
  List: Brackets,
  TextList: Brackets,
  Subgraph: Waypoints,
};

const CATEGORIES: Readonly<Record<string, LucideIcon>> = {
  model: FolderOpen,
  sampling: WandSparkles,
  guidance: Compass,
  latent: Layers,
  text: Type,
  image: Image,
  autoencoder: Frame,
  attention: Brain,
  audio: AudioLines,
  logic: Sigma,
  settings: SlidersHorizontal,
};

export function NodeIcon({ type, category }: { readonly type: string; readonly category: string }) {
  const Picture = TYPES[type] ?? CATEGORIES[category] ?? Box;
  return <Picture className="icon" aria-hidden="true" />;
}
