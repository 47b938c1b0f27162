// The little that the generators share: text of AssemblyScript functions over numbers in lanes.

/** Limbs of a number in lanes. */
export const LIMBS = 20;

/** Vectors of 16 bytes that hold four numbers in lanes, two limbs of each in every vector. */
export const VECTORS = 10;

/** Loads a number's vector. */
export const at = (base: string, vector: number): string => `v128.load(${base}, ${16 * vector})`;

/** Stores a number's vector. */
export const put = (base: string, vector: number, value: string): string =>
  `v128.store(${base}, ${value}, ${16 * vector});`;

/** The body of one generated function, with a name for every intermediate value. */
export class Body {
  readonly #lines: string[] = [];
  #count = 0;

  emit(line: string): void {
    this.#lines.push(`  ${line}`);
  }

  /** Binds an expression to a new name, at this place in the body, and returns the name. */
  name(expression: string): string {
    const name = `x${this.#count++}`;
    this.emit(`const ${name} = ${expression};`);
    return name;
  }

  get text(): string {
    return this.#lines.join("\n");
  }
}

/** The text of an exported function whose body `write` emits. */
export function generateFunction(signature: string, comment: string, write: (body: Body) => void): string {
  const body = new Body();
  write(body);
  return `/** ${comment} */\nexport function ${signature}: void {\n${body.text}\n}`;
}

/** The same, for a function that does something to each of the ten vectors alone. */
export function generateVectorFunction(
  signature: string,
  comment: string,
  write: (body: Body, vector: number) => void,
): string {
  return generateFunction(signature, comment, (body) => {
    for (let i = 0; i < VECTORS; i++) write(body, i);
  });
}
