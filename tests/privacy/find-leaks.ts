// Looks for secrets in what was seen, in every simple disguise: as they are, as hexadecimal or base64 text, and each of
// them backwards.

/** Bytes that must not be seen, by what they are. */
export interface SecretBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Bytes of a piece that counts as found; 16 unless given. Shorter secrets are looked for as a whole. */
  readonly window?: number;
}

/** What was found. */
export interface Leak {
  readonly name: string;
  /** Where in the secret the piece begins. */
  readonly at: number;
}

const WINDOW = 16;

/**
 * The secrets of which a piece is among what was seen; one leak each. Pieces that are public, as part of `known`, do not
 * count, nor those with hardly any content, such as zeros.
 */
export function findLeaks(
  seen: readonly Uint8Array[],
  secrets: readonly SecretBytes[],
  known: readonly Uint8Array[] = [],
): Leak[] {
  const disguised = seen.flatMap(undisguise);
  const windows = new Map<number, Set<string>>();
  const windowsOf = (length: number): Set<string> => {
    const made = windows.get(length) ?? new Set(disguised.flatMap((text) => pieces(text, length)));
    windows.set(length, made);
    return made;
  };
  const knownText = known.map(latin1).join("\n");
  return secrets.flatMap(({ name, bytes, window = WINDOW }): Leak[] => {
    const length = Math.min(window, bytes.length);
    const among = windowsOf(length);
    const at = pieces(latin1(bytes), length).findIndex(
      (piece) => among.has(piece) && hasContent(piece) && !knownText.includes(piece),
    );
    return at < 0 ? [] : [{ name, at }];
  });
}

/** The bytes themselves and what they are texts of, forwards and backwards; one character a byte. */
function undisguise(bytes: Uint8Array): string[] {
  const forwards = latin1(bytes);
  return [forwards, [...forwards].reverse().join("")].flatMap((text) => [
    text,
    ...runs(text, /[0-9A-Fa-f]{16,}/g, 2).map((hex) => Buffer.from(hex, "hex").toString("latin1")),
    ...runs(text, /[0-9A-Za-z+/_-]{11,}/g, 4).map((base64) => Buffer.from(base64, "base64").toString("latin1")),
  ]);
}

/** Every run of a kind of text, from each place at which a group of its characters can begin. */
function runs(text: string, pattern: RegExp, group: number): string[] {
  return (text.match(pattern) ?? []).flatMap((run) =>
    Array.from({ length: group }, (_, skipped) => {
      const from = run.slice(skipped);
      return from.slice(0, from.length - (from.length % group) || from.length);
    }),
  );
}

function pieces(text: string, length: number): string[] {
  return Array.from({ length: Math.max(0, text.length - length + 1) }, (_, i) => text.slice(i, i + length));
}

const hasContent = (piece: string): boolean => new Set(piece).size > piece.length / 4;

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
