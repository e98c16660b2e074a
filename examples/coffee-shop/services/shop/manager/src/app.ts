import { contracts } from '@coffee-shop/contracts';
import { EnverApp, EnverStack } from '@ondemandenv/enver-runtime/cdk';
import { Validations } from 'aws-cdk-lib';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Code, FunctionUrlAuthType, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';

const { orderManager } = contracts;
const stack = new EnverStack(new EnverApp(orderManager));

const bus = EventBus.fromEventBusName(stack, 'Bus', stack.input(orderManager.bus));
const menu = Table.fromTableName(stack, 'Menu', stack.input(orderManager.configTable));
const count = Table.fromTableName(stack, 'Count', stack.input(orderManager.countTable));

const manager = new Lambda(stack, 'Manager', {
  runtime: Runtime.NODEJS_24_X,
  handler: 'handler.handler',
  code: Code.fromAsset('lambda', { exclude: ['*.test.mjs'] }),
  environment: {
    BUS: bus.eventBusName,
    SOURCE: stack.input(orderManager.source),
    MENU: menu.tableName,
    COUNT: count.tableName,
    ISSUER: stack.input(orderManager.issuer),
    EVENTS_VERSION: stack.input(orderManager.events).version,
  },
});
bus.grantPutEventsTo(manager);
menu.grantReadData(manager);
count.grantReadData(manager);

const { url } = manager.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
stack.output(orderManager.api, { url, stage: 'live' });

const log = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
Validations.of(manager).acknowledge({
  id: `AwsSolutions-IAM4[Policy::${log}]`,
  reason: 'it lets the function write its log and nothing else',
});
