// Looks for secrets in bytes that somebody sees: as they are, as hexadecimal digits and as base64.

/** Something that must not be seen. */
export interface PlantedSecret {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A secret shorter than this would be found by chance. */
const SECRET_BYTES_MIN = 8;
/** Of longer ones every piece of this length is looked for. */
const PIECE_BYTES = 16;

/** Names of the secrets of which a piece is in one of the texts, forwards or backwards. */
export function findSecrets(texts: readonly Uint8Array[], secrets: readonly PlantedSecret[]): string[] {
  const seen = texts.map((text) => Buffer.from(text.buffer, text.byteOffset, text.length));
  return secrets
    .filter((secret) => piecesOf(secret).some((piece) => seen.some((text) => text.includes(piece))))
    .map(({ name }) => name);
}

function piecesOf({ name, bytes }: PlantedSecret): Buffer[] {
  if (bytes.length < SECRET_BYTES_MIN) throw new Error(`${name} is too short to be looked for.`);
  return [Buffer.from(bytes), Buffer.from(bytes).reverse()].flatMap((whole) => {
    const raw = Array.from({ length: Math.max(1, whole.length - PIECE_BYTES + 1) }, (_, i) =>
      whole.subarray(i, i + PIECE_BYTES),
    );
    const base64 = [0, 1, 2].map((shift) => {
      // Without the first and last characters, which depend on what is around.
      const text = Buffer.concat([Buffer.alloc(shift), whole])
        .toString("base64")
        .replace(/=+$/, "");
      return Buffer.from(text.slice(shift === 0 ? 0 : 4, -1).slice(0, 20));
    });
    return [...raw, Buffer.from(whole.toString("hex").slice(0, 32)), ...base64];
  });
}
