/** Read what a person types into a number field: `1024/8`, `2*pi`, `seed + 1`, `1_000`, `50%`. No eval. */

export class ExpressionError extends Error {}

type Names = Readonly<Record<string, number>>;

const CONSTANTS: Names = { pi: Math.PI, e: Math.E };
const TOKEN =
  /\s*(?:(\d[\d_]*\.?[\d_]*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([a-z_][a-z0-9_]*)|(\*\*|[-+*/%^()]))/iy;
const DEPTH = 50;

/** Compute an expression; `names` are values that it may use, such as the field's own. */
export function evaluate(text: string, names: Names = {}): number {
  const parser = new Parser(tokens(text.trim().replace(/,(?=\d)/g, ".")), { ...CONSTANTS, ...names });
  const value = parser.sum(0);
  parser.end();
  if (!Number.isFinite(value)) throw new ExpressionError("the result is not a number");
  return value;
}

type Token = number | string;

function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const [, digits, name, mark] = TOKEN.exec(text) ?? [];
    if (digits !== undefined) found.push(Number(digits.replaceAll("_", "")));
    else if (name !== undefined) found.push(name);
    else if (mark !== undefined) found.push(mark);
    else throw new ExpressionError(`${text.slice(start, start + 10)} is not understood`);
  }
  return found;
}

class Parser {
  private at = 0;
  private readonly tokens: readonly Token[];
  private readonly names: Names;

  constructor(tokens: readonly Token[], names: Names) {
    this.tokens = tokens;
    this.names = names;
  }

  sum(depth: number): number {
    let value = this.product(depth);
    for (;;) {
      if (this.takes("+")) value += this.product(depth);
      else if (this.takes("-")) value -= this.product(depth);
      else return value;
    }
  }

  end(): void {
    if (this.at < this.tokens.length)
      throw new ExpressionError(`${this.tokens[this.at]} is not expected here`);
  }

  private product(depth: number): number {
    let value = this.signed(depth);
    for (;;) {
      if (this.takes("*")) value *= this.signed(depth);
      else if (this.takes("/")) value /= this.signed(depth);
      else if (this.tokens[this.at] === "%" && !this.startsValue(this.at + 1)) {
        this.at += 1;
        value /= 100;
      } else if (this.takes("%")) value %= this.signed(depth);
      else return value;
    }
  }

  private signed(depth: number): number {
    if (depth > DEPTH) throw new ExpressionError("it is nested too deep");
    if (this.takes("-")) return -this.signed(depth + 1);
    if (this.takes("+")) return this.signed(depth + 1);
    const base = this.atom(depth);
    return this.takes("**") || this.takes("^") ? base ** this.signed(depth + 1) : base;
  }

  private atom(depth: number): number {
    const token = this.tokens[this.at];
    this.at += 1;
    if (typeof token === "number") return token;
    if (token === "(") {
      const value = this.sum(depth + 1);
      if (!this.takes(")")) throw new ExpressionError("')' is missing");
      return value;
    }
    const value = token === undefined || !Object.hasOwn(this.names, token) ? undefined : this.names[token];
    if (value === undefined)
      throw new ExpressionError(token === undefined ? "a number is missing" : `${token} is not known`);
    return value;
  }

  private startsValue(at: number): boolean {
    const token = this.tokens[at];
    return (
      typeof token === "number" || token === "(" || (typeof token === "string" && /^[a-z_]/i.test(token))
    );
  }

  private takes(mark: string): boolean {
    if (this.tokens[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }
}
