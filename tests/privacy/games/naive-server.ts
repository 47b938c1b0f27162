// The control: a thin-wallet server as people build them without Fog. Users give it their view keys, it looks through every block
// for what is theirs, and it answers over encrypted connections. Whoever runs it sees what it does.
import { type AccountKey, publicAddress, viewAccountKey } from "@fogbow/core-account";
import { toHex } from "@fogbow/core-bytes";
import { encodeTxOut, openTxOut, SubaddressTable, type TxOut } from "@fogbow/core-transaction";
import { Notebook } from "../fog/notebook.ts";

/** AES-GCM's tag, which is all that encryption adds. */
const TAG_BYTES = 16;

/** The server. */
export class NaiveServer {
  readonly notebook = new Notebook();
  readonly #users = new Map<string, AccountKey>();
  /** Rows of its database: whose an output is, and the output. */
  readonly #rows: { readonly owner: string; readonly txOut: TxOut }[] = [];

  /** Takes on a user, who is known by the address. */
  register(account: AccountKey): void {
    this.#users.set(nameOf(account), account);
  }

  /** Looks through a block. */
  add(outputs: readonly TxOut[]): void {
    for (const txOut of outputs) {
      for (const [owner, account] of this.#users) {
        const subaddresses = new SubaddressTable(viewAccountKey(account), [0n]);
        const opened = openTxOut(txOut, { viewPrivateKey: account.viewPrivateKey, subaddresses });
        if (opened === undefined) continue;
        this.#rows.push({ owner, txOut });
        this.notebook.note("row", "owner and output", Buffer.concat([Buffer.from(owner), encodeTxOut(txOut)]));
      }
    }
  }

  /** What a user is sent: outputs that it was not sent before. */
  async poll(account: AccountKey): Promise<readonly TxOut[]> {
    const owner = nameOf(account);
    const theirs = this.#rows.filter((row) => row.owner === owner).map(({ txOut }) => txOut);
    const request = Buffer.from(owner);
    const sealedRequest = new Uint8Array(request.length + TAG_BYTES); // Its length is all that the network sees.
    await this.notebook.exchange("wire", "poll", sealedRequest, async () => {
      const plain = await this.notebook.exchange("door", "poll", request, async () => ({
        answered: Buffer.concat(theirs.map(encodeTxOut)),
      }));
      return { answered: new Uint8Array(plain.length + TAG_BYTES) };
    });
    for (let i = this.#rows.length - 1; i >= 0; i--) if (this.#rows[i]?.owner === owner) this.#rows.splice(i, 1);
    return theirs;
  }
}

function nameOf(account: AccountKey): string {
  return toHex(publicAddress(account).viewPublicKey);
}
