export { type BuiltPayment, buildPayment, type PaymentPlan } from "./client/build-payment.ts";
export { type GeneratedNetwork, readGeneratedNetwork } from "./client/generated-network.ts";
export { NodeClient, type NodeClientOptions } from "./client/node-client.ts";
export { type OriginPayments, originPayments, type PaymentSource } from "./client/origin-payments.ts";
export { type SpendableOutput, spendableOutputs } from "./client/owned-outputs.ts";
export { CommandError, type CommandErrorCode } from "./error.ts";
export { nodeFilesIn } from "./network/network-folder.ts";
export { fogbowCommand, NodeProcess, type NodeProcessOptions, type ProcessEnd } from "./network/node-process.ts";
export type { RunningFacts } from "./node/run.ts";
