// Calls one unary RPC as MobileCoin's services do, with grpc-js, in a process of its own:
// `node grpc-js-call.mjs HOST:PORT /package.Service/Method`, the request on stdin and the response on stdout, as bytes.
import { buffer } from "node:stream/consumers";
import { Client, credentials } from "@grpc/grpc-js";

const [, , address, method] = process.argv;
const asItIs = (bytes) => bytes;
const request = await buffer(process.stdin);
const client = new Client(address, credentials.createInsecure());
client.makeUnaryRequest(method, asItIs, asItIs, request, (error, response) => {
  client.close();
  if (error === null) {
    process.stdout.write(response);
  } else {
    process.stderr.write(`${error.code}: ${error.details}\n`);
    process.exitCode = 1;
  }
});
