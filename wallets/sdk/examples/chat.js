// Payments in a chat app, beside `fogbow up`: node wallets/sdk/examples/chat.js [folder of the network, .fogbow]
//
// Alice and Bob have a conversation. `/pay 2.5` pays whoever is on the other side: the payment goes to the network, and a message goes to
// the other phone, which shows money only once its own wallet has found it.
import { readFileSync } from "node:fs";
import { decodeReceipt, encodeReceipt } from "@fogbow/core-transaction";
import { connect, trustMeasurements, Wallet } from "@fogbow/sdk";

const home = process.argv[2] ?? ".fogbow";
const made = JSON.parse(readFileSync(`${home}/network.json`, "utf8"));
// An app is built with the measurements of the enclaves that it trusts. Simulated ones protect nobody.
const measurements = readFileSync(new URL("../../../enclaves/measurements.json", import.meta.url), "utf8");
const net = await connect(`http://localhost:${made.walletPort}`, {
  chainId: "local",
  trust: trustMeasurements(measurements, { platforms: ["simulated"] }),
  fog: {
    fogReportUrl: made.fogReportUrl,
    fogReportId: "",
    fogAuthoritySpki: Buffer.from(made.fogAuthoritySpki, "hex"),
  },
});

/** One side of the conversation: a name, a wallet, and what is on its screen. */
class Phone {
  constructor(name, phrase) {
    this.name = name;
    this.wallet = Wallet.fromPhrase({ net, phrase });
  }

  /** What its owner types. */
  async type(text) {
    const [, mob] = /^\/pay (\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (mob === undefined) return this.other.show({ from: this.name, text });
    const payment = await this.wallet.pay({ to: this.other.wallet.address, amount: BigInt(Math.round(mob * 1e12)) });
    for await (const { kind, reason } of payment.status()) {
      console.log(`${this.name}'s phone: ${mob} MOB ${kind}${reason ? `: ${reason.code}` : ""}`);
      // The receipt says which output to wait for; only Bob can open it. A messenger encrypts it end to end.
      if (kind === "submitted") this.other.show({ from: this.name, receipt: encodeReceipt(payment.receipt) });
    }
  }

  /** What comes from the other side. */
  show({ from, text, receipt }) {
    if (text !== undefined) return console.log(`${from}: ${text}`);
    this.awaited = decodeReceipt(receipt);
    console.log(`${this.name}'s phone: ${from} is paying you …`);
  }

  /** Polls until the wallet has this much, as a phone does when a push wakes it. */
  async until(picoMob) {
    while (this.wallet.balance().value < picoMob) {
      await this.wallet.poll();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    console.log(`${this.name}'s phone: you have ${Number(this.wallet.balance().value) / 1e12} MOB`);
  }
}

const phraseOf = (name) => JSON.parse(readFileSync(`${home}/wallets/${name}.json`, "utf8")).mnemonic;
const [alice, bob] = [new Phone("Alice", phraseOf("alice")), new Phone("Bob", net.newPhrase())];
[alice.other, bob.other] = [bob, alice];
await Promise.all([alice.wallet.poll(), bob.wallet.poll()]);

await bob.type("lunch was 2.5");
await alice.type("/pay 2.5");
await bob.until(2_500_000_000_000n);
const [{ sender }] = bob.wallet.history([alice.wallet.address]);
console.log(`Bob's phone: it was ${sender === undefined ? "somebody" : "Alice"}, and only you can know`);
net.close();
