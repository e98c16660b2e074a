import { contracts } from '@coffee-shop/contracts';
import { EnverApp, EnverStack } from '@ondemandenv/enver-runtime/cdk';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';

const { bus, tables } = contracts.foundation;
const app = new EnverApp(contracts.foundation);

// Data outlive the bus: each has its stack.
const data = new EnverStack(app, 'data');
for (const [id, product] of Object.entries({ Config: tables.config, Count: tables.count })) {
  const table = new Table(data, id, {
    partitionKey: { name: 'drink', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
  data.output(product, table.tableName);
}

const messages = new EnverStack(app, 'bus');
const orders = new EventBus(messages, 'Orders', { eventBusName: messages.physicalName('orders') });
messages.output(bus, orders.eventBusName);
messages.output(bus.children.source, 'coffee-shop.orders');
