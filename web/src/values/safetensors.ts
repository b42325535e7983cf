/** Read a safetensors file: a header in JSON, then the numbers. Kinds of numbers that are not known are left out. */

export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

type Reader = (view: DataView, at: number) => number;

const KINDS: Readonly<Record<string, readonly [size: number, read: Reader]>> = {
  F64: [8, (view, at) => view.getFloat64(at, true)],
  F32: [4, (view, at) => view.getFloat32(at, true)],
  F16: [2, (view, at) => half(view.getUint16(at, true))],
  BF16: [2, (view, at) => brain(view.getUint16(at, true))],
  I64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  I32: [4, (view, at) => view.getInt32(at, true)],
  I16: [2, (view, at) => view.getInt16(at, true)],
  I8: [1, (view, at) => view.getInt8(at)],
  U8: [1, (view, at) => view.getUint8(at)],
  BOOL: [1, (view, at) => view.getUint8(at)],
};

export function readTensors(file: ArrayBuffer): readonly Tensor[] {
  const whole = new DataView(file);
  if (file.byteLength < 8) return [];
  const length = Number(whole.getBigUint64(0, true));
  if (length > file.byteLength - 8) return [];
  const header: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, length)));
  if (typeof header !== "object" || header === null) return [];
  return Object.entries(header).flatMap(([name, entry]: [string, unknown]): Tensor[] => {
    const tensor = name === "__metadata__" ? null : readTensor(whole, 8 + length, name, entry);
    return tensor ? [tensor] : [];
  });
}

function readTensor(whole: DataView, base: number, name: string, entry: unknown): Tensor | null {
  if (!isEntry(entry)) return null;
  const kind = KINDS[entry.dtype];
  const [start = 0, end = 0] = entry.data_offsets;
  if (!kind || base + end > whole.byteLength) return null;
  const [size, read] = kind;
  const values = new Float32Array(Math.floor((end - start) / size));
  for (let at = 0; at < values.length; at += 1) values[at] = read(whole, base + start + at * size);
  return { name, shape: entry.shape, values };
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly number[];
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === "object" &&
    value !== null &&
    "dtype" in value &&
    typeof value.dtype === "string" &&
    "shape" in value &&
    Array.isArray(value.shape) &&
    "data_offsets" in value &&
    Array.isArray(value.data_offsets)
  );
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a 32-bit float. */
function brain(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
