// What is done to a Fog in a scenario: words that the model understands and the processes obey.

/** The ledger that ingest reads, or the one that Fog Ledger reads. Adding to one alone is what makes the other lag. */
export type LedgerName = "ingest" | "ledger";

/** The i-th credit of a block. */
export interface OutputName {
  readonly block: number;
  readonly credit: number;
}

/** A block to come. */
export interface BlockPlan {
  readonly credits: readonly { readonly account: number; readonly amount: number }[];
  readonly spends: readonly OutputName[];
}

/** One thing that is done. What makes no sense at its time is not done at all, so that scripts can be shortened. */
export type Action =
  | ({ readonly do: "plan" } & BlockPlan) // The next block gets this, with hints for the key in use.
  | { readonly do: "append"; readonly to: LedgerName } // The ledger gets the next planned block that it does not have.
  | { readonly do: "window"; readonly node: number; readonly blocks: number }
  | {
      readonly do:
        | "start" // An ingest node's process.
        | "stop"
        | "forget" // Deletes a stopped node's state file: its key is gone.
        | "activate"
        | "retire"
        | "use-key" // Hints are for this node's key from now on: whoever pays asks the report service.
        | "report-lost"; // Says that the key which the node forgot is gone for good; another active node is told.
      readonly node: number;
    }
  | { readonly do: "restart-view" } // The view store's process, with all that it has loaded.
  | { readonly do: "restart-ledger" } // The key-image store's process.
  | { readonly do: "replace-view" }; // A new view store beside the old one, and a router that knows only the new one.

/** A name such as `b3[1]`. */
const nameOf = ({ block, credit }: OutputName): string => `b${block}[${credit}]`;

/** An action in one line. */
export function describe(action: Action): string {
  switch (action.do) {
    case "plan": {
      const credits = action.credits.map(({ account, amount }) => `${account}:${amount}`).join(" ");
      return `plan a block with ${credits === "" ? "no credits" : credits}${
        action.spends.length === 0 ? "" : `, spending ${action.spends.map(nameOf).join(" ")}`
      }`;
    }
    case "append":
      return `append the next block for ${action.to}`;
    case "window":
      return `ingest ${action.node} promises ${action.blocks} blocks`;
    case "restart-view":
    case "restart-ledger":
    case "replace-view":
      return action.do;
    default:
      return `${action.do} ingest ${action.node}`;
  }
}

/** A plan from text such as `0:15 0:4 1:9` and `b1[0] b1[2]`. Throws for what is none. */
export function plan(credits: string, spends = ""): Action {
  const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");
  return {
    do: "plan",
    credits: words(credits).map((word) => {
      const [, account, amount] = /^(\d+):(\d+)$/.exec(word) ?? refuse(word);
      return { account: Number(account), amount: Number(amount) };
    }),
    spends: words(spends).map((word) => {
      const [, block, credit] = /^b(\d+)\[(\d+)\]$/.exec(word) ?? refuse(word);
      return { block: Number(block), credit: Number(credit) };
    }),
  };
}

/** The next block for one ledger, or for both. */
export function append(...to: readonly LedgerName[]): Action[] {
  return to.map((each) => ({ do: "append", to: each }));
}

function refuse(word: string): never {
  throw new Error(`${word} is neither a credit nor an output.`);
}
