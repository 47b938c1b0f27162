// The members of a JSON object (RFC 8259) as the text they were written in: signatures are over these exact bytes.

/** How deep arrays and objects may be nested; Intel's go five deep. */
const JSON_DEPTH_MAX = 16;

/**
 * The raw text of each member of the one object that `text` is. Undefined when it is not one JSON object, has a member
 * twice (readers would differ in which they take), or is nested deeper than 16.
 */
export function tryRawMembers(text: string): ReadonlyMap<string, string> | undefined {
  try {
    const scanner = new Scanner(text);
    const members = scanner.members(1);
    scanner.end();
    return members;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** Walks over JSON text without making values of it. All methods throw SyntaxError. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The members of the object that starts here: each key with its value as it is written. */
  members(depth: number): Map<string, string> {
    const members = new Map<string, string>();
    this.#list("{", "}", () => {
      const key = String(JSON.parse(this.#match(STRING)));
      this.#match(COLON);
      this.#match(SPACE);
      const start = this.#at;
      this.#value(depth);
      if (members.has(key)) {
        throw new SyntaxError("A member stands twice.");
      }
      members.set(key, this.#text.slice(start, this.#at));
    });
    return members;
  }

  end(): void {
    this.#match(SPACE);
    if (this.#at < this.#text.length) {
      throw new SyntaxError("There is text after the object.");
    }
  }

  #value(depth: number): void {
    if (depth >= JSON_DEPTH_MAX) {
      throw new SyntaxError("The text is nested too deep.");
    }
    switch (this.#text[this.#at]) {
      case "{":
        this.members(depth + 1);
        break;
      case "[":
        this.#list("[", "]", () => this.#value(depth + 1));
        break;
      case '"':
        JSON.parse(this.#match(STRING));
        break;
      default:
        JSON.parse(this.#match(WORD));
    }
  }

  #list(open: string, close: string, readItem: () => void): void {
    this.#expect(open);
    if (this.#peek() !== close) {
      readItem();
      while (this.#peek() !== close) {
        this.#expect(",");
        this.#match(SPACE);
        readItem();
      }
    }
    this.#expect(close);
  }

  #peek(): string | undefined {
    this.#match(SPACE);
    return this.#text[this.#at];
  }

  #expect(character: string): void {
    if (this.#peek() !== character) {
      throw new SyntaxError(`${character} is due.`);
    }
    this.#at += 1;
  }

  /** The text that the pattern matches here, which must be there. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) {
      throw new SyntaxError("The text is not JSON.");
    }
    this.#at += found.length;
    return found;
  }
}

const SPACE = /[ \t\r\n]*/y;
const COLON = /[ \t\r\n]*:/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const WORD = /[-+.\w]+/y;
