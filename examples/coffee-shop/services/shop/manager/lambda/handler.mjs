import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { guestOf } from './guest.mjs';
import { createManager } from './manager.mjs';

const { BUS, COUNT, EVENTS_VERSION, ISSUER, MENU, SOURCE } = process.env;
const tables = new DynamoDBClient();
const events = new EventBridgeClient();

const text = (item, name) => item?.[name]?.S ?? item?.[name]?.N;

/** The manager on AWS: its tables, its bus, and the guests that the issuer knows. */
export const handler = createManager({
  guest: (authorization) => guestOf(authorization, ISSUER, fetch),
  price: async (drink) => {
    const { Item } = await tables.send(new GetItemCommand({ TableName: MENU, Key: { drink: { S: drink } } }));
    return text(Item, 'cents');
  },
  counts: async () => {
    const { Items = [] } = await tables.send(new ScanCommand({ TableName: COUNT }));
    return Object.fromEntries(Items.map((item) => [text(item, 'drink'), Number(text(item, 'count'))]));
  },
  put: async (order) => {
    const detail = JSON.stringify({ ...order, version: EVENTS_VERSION });
    const entry = { EventBusName: BUS, Source: SOURCE, DetailType: 'OrderPlaced', Detail: detail };
    const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    if (FailedEntryCount) throw new Error('the bus did not take the order');
  },
});
