// Everything that the packages of core/ offer, as one entry for bundles: what an application would ship.
export * as account from "@fogbow/core-account";
export * as bytes from "@fogbow/core-bytes";
export * as crypto from "@fogbow/core-crypto";
export * as transaction from "@fogbow/core-transaction";
