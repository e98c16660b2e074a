import { contracts } from '@coffee-shop/contracts';
import { EnverApp, EnverStack } from '@ondemandenv/enver-runtime/cdk';
import { Validations } from 'aws-cdk-lib';
import { FeaturePlan, OAuthScope, UserPool, UserPoolClient, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';

const { userAuth, callback } = contracts;
const stack = new EnverStack(new EnverApp(userAuth));

const pool = new UserPool(stack, 'Guests', {
  signInAliases: { email: true },
  selfSignUpEnabled: true,
  featurePlan: FeaturePlan.ESSENTIALS,
  passwordPolicy: {
    minLength: 12,
    requireDigits: true,
    requireLowercase: true,
    requireUppercase: true,
    requireSymbols: true,
  },
});
const client = new UserPoolClient(stack, 'Shop', {
  userPool: pool,
  oAuth: {
    flows: { authorizationCodeGrant: true },
    scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
    callbackUrls: [stack.input(callback)],
  },
});
const domain = new UserPoolDomain(stack, 'SignIn', {
  userPool: pool,
  cognitoDomain: { domainPrefix: stack.physicalName('guests') },
});
stack.output(userAuth.issuer, pool.userPoolProviderUrl);
stack.output(userAuth.signIn, { url: domain.baseUrl(), clientId: client.userPoolClientId });

// Whoever tests from another account reads the secret, and needs the key for it.
const reader = new AccountPrincipal(contracts.accounts.workspace1.id);
const testGuest = new Secret(stack, 'TestGuest', {
  encryptionKey: new Key(stack, 'TestGuestKey', { enableKeyRotation: true }),
  generateSecretString: {
    secretStringTemplate: '{"name":"guest@coffee.example"}',
    generateStringKey: 'password',
  },
});
testGuest.grantRead(reader);
stack.output(userAuth.testGuest, testGuest.secretArn);

Validations.of(testGuest).acknowledge({
  id: 'AwsSolutions-SMG4',
  reason: 'the guest exists for tests and can do nothing that a stranger cannot do who signs up',
});
Validations.of(pool).acknowledge(
  { id: 'AwsSolutions-COG2', reason: 'guests order coffee: a second factor would keep them away' },
  { id: 'AwsSolutions-COG8', reason: 'the plus plan is for what protects more than coffee' },
);
