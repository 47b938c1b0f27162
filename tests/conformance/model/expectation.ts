// What a wallet may answer: which balance at which block count, and where it has to come to.

/** What one account's wallets may answer in a step. */
export interface Expectation {
  /** Balances by block count. Every answer is one of these, those on the way too. */
  readonly acceptable: ReadonlyMap<number, number>;
  /** Where each wallet is in the end. */
  readonly eventual: readonly number[];
}

/** From text such as `2:19 3:4 [3]`: acceptable pairs of block count and balance, then eventual block counts. */
export function expectation(text: string): Expectation {
  const [, pairs = "", counts = ""] = /^((?:\d+:\d+ )*\d+:\d+) \[([\d,]+)\]$/.exec(text) ?? [];
  if (pairs === "") throw new Error(`${text} is no expectation.`);
  return {
    acceptable: new Map(
      pairs.split(" ").map((pair) => {
        const [count, balance] = pair.split(":");
        return [Number(count), Number(balance)];
      }),
    ),
    eventual: counts.split(",").map(Number),
  };
}

/** The same in text. */
export function textOf({ acceptable, eventual }: Expectation): string {
  return `${[...acceptable].map(([count, balance]) => `${count}:${balance}`).join(" ")} [${eventual.join(",")}]`;
}

/** Nothing is known yet, which wallets may say before anything was scanned, and while everything is loaded anew. */
export function orNothingYet({ acceptable, eventual }: Expectation): Expectation {
  return { acceptable: new Map([[0, 0], [1, 0], ...acceptable]), eventual };
}
