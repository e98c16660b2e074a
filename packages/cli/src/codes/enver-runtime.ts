import type { Listed } from './entry.js';

/** The codes of enver-runtime: what `odmd-enver` reports in a job. */
export const enverRuntimeCodes: Listed = {
  ODMD501: {
    title: 'The environment is not that of a job',
    fix: 'The platform sets it: run `odmd-enver` in the job of an enver.',
  },
  ODMD502: { title: 'The platform does not answer the job', fix: 'Look whether it runs, then deploy again.' },
  ODMD503: {
    title: 'The platform refused a request of the job without a reason',
    fix: "Read the platform's own log; its release may be another than that of `odmd-enver`.",
  },
  ODMD504: {
    title: 'What the platform answered or stored was not understood',
    fix: 'Use the same release of `odmd-enver` as of the platform.',
  },
  ODMD505: {
    title: "A product's type cannot be checked",
    fix: 'Publish the contracts again with this release; their types have to be JSON Schema.',
  },
  ODMD506: {
    title: 'The token of the job belongs to another enver',
    fix: 'Do not set ODMD_ENVER or ODMD_JOB_TOKEN: the platform does.',
  },
  ODMD507: {
    title: 'The job runs for another ref, or another account, than its enver',
    fix: 'Start the workflow on the ref of the enver, or let the platform start it with `odmd deploy`.',
  },
  ODMD508: {
    title: 'The commit does not have the folder of the build',
    fix: 'Add the folder, or correct `workDir` of the build in the contracts.',
  },
  ODMD509: {
    title: 'A job that was started by hand has no dispatch to repeat',
    fix: 'Let the platform start it: `odmd deploy` dispatches the newest state of an enver.',
  },
  ODMD510: {
    title: 'The job is superseded by a newer one',
    fix: 'Nothing has to be done: the newer job deploys what is newest.',
    later: true,
  },
  ODMD511: {
    title: 'A consumed product has no value yet, and no placeholder',
    fix: 'It deploys by itself when the value is published; for a cycle, give the consumer a placeholder.',
    later: true,
  },
  ODMD512: {
    title: 'The version of an input that the job was started with is no longer there',
    fix: 'Nothing has to be done: the platform starts a job with the newest values.',
    later: true,
  },
  ODMD513: {
    title: 'A stored value of a product is not JSON',
    fix: 'Publish the product again: it was written by something else than `odmd-enver`.',
  },
  ODMD514: {
    title: 'The inputs of the job are missing, damaged or of another job',
    fix: 'Run `odmd-enver resolve` before `odmd-enver run`.',
  },
  ODMD515: {
    title: 'Inputs are not of the type that the contracts say',
    fix: 'Publish a value of the type, or change the type and its consumers in the contracts.',
  },
  ODMD520: {
    title: 'A command of the enver failed',
    fix: 'Read what it printed; the platform runs it again after the next change, or with `odmd deploy`.',
  },
  ODMD521: {
    title: 'A command of the enver cannot be started',
    fix: 'Correct its name in the contracts, or install it for the job.',
  },
  ODMD522: {
    title: 'An input has a character that no environment variable can carry',
    fix: 'Read it from the file in `$ODMD_INPUTS`.',
  },
  ODMD523: {
    title: 'A job took longer than its contract lets it',
    fix: 'Make it quicker, or raise `timeoutMinutes` of the enver in the contracts.',
  },
  ODMD530: {
    title: 'The file of outputs is not legal',
    fix: 'Write lines `name=value`, or `name<<END`, lines and `END`, to `$ODMD_OUTPUT`.',
  },
  ODMD531: {
    title: 'An output is not a product of the enver',
    fix: 'Declare a producer of this name in the contracts, or correct the name.',
  },
  ODMD532: {
    title: 'A declared product was not put out',
    fix: 'Write it to `$ODMD_OUTPUT`, or remove the producer from the contracts.',
  },
  ODMD533: {
    title: 'An output is not of the type that the contracts say',
    fix: 'Put out a value of the type, or change the type in the contracts.',
  },
  ODMD534: {
    title: 'The config store cannot carry an output',
    fix: 'A value is not empty, at most 8 KB and without `{{`: publish where the content is instead.',
  },
  ODMD535: {
    title: 'Outputs are wrong, so nothing was published',
    fix: 'Correct every problem that is listed and run the job again.',
  },
  ODMD540: {
    title: 'The job of the contracts has no manifest',
    fix: 'Run `odmd-enver run` before `odmd-enver publish`: it writes it.',
  },
  ODMD541: {
    title: 'The package of the contracts has no version',
    fix: 'Give its package.json a `version`.',
  },
  ODMD542: {
    title: 'Git does not say that the dispatched commit is what is built',
    fix: 'Check out the dispatched commit; publish contracts from a full clone of the repository.',
  },
  ODMD550: {
    title: 'AWS or GitHub did not give the job the role of its enver',
    fix: "Let the enver's own workflow run on the enver's own ref, with the permission `id-token: write`.",
  },
  ODMD551: {
    title: 'The AWS credentials of the job have expired',
    fix: 'Run the job again; on a laptop, log in again.',
  },
  ODMD552: {
    title: 'AWS refused a request of the job',
    fix: 'Declare what is consumed and produced in the contracts, and let the platform apply them.',
  },
  ODMD553: {
    title: 'AWS asked for patience, or did not answer, several times',
    fix: 'Run the job again: what is done already is not done twice.',
  },
  ODMD554: {
    title: 'AWS did not do what the job asked for',
    fix: 'Use the same release of `odmd-enver` as of the platform.',
  },
  ODMD556: {
    title: 'A file cannot be kept as an artifact',
    fix: 'Keep versions in the artifact bucket; upload very large files in the deployment itself; on a laptop, put out an object that is in S3 already.',
  },
  ODMD560: {
    title: 'The service does not say how its CDK app is started',
    fix: 'Write `{"app": "node dist/app.js"}` into a file `cdk.json` in the working directory of the build.',
  },
  ODMD561: {
    title: 'The CDK CLI is not installed',
    fix: 'Add `aws-cdk` to the devDependencies of the service, and install them.',
  },
  ODMD562: {
    title: 'The CDK app makes something else than its contract says',
    fix: 'Correct every problem that is listed, in the app or in the contracts. Nothing was deployed.',
  },
  ODMD563: {
    title: 'The CDK app wrote nothing that can be deployed',
    fix: 'Run `cdk synth` by hand, and use the release of aws-cdk that belongs to aws-cdk-lib.',
  },
  ODMD564: {
    title: 'The outputs of the stacks cannot be read',
    fix: 'Use a release 2 of aws-cdk.',
  },
  ODMD570: {
    title: 'No enver of the build is deployed from what is checked out',
    fix: 'Set ODMD_ENVER, or check out the branch or tag of an enver, in a clone of its repository.',
  },
  ODMD571: {
    title: 'ODMD_ENVER is neither an enver of the build nor a clone of one',
    fix: "Set it to one of the build's envers; for a clone, set ODMD_REVISION to its branch or tag too.",
  },
  ODMD572: {
    title: 'The installed contracts break their rules',
    fix: 'Use a release of the contracts that `odmd validate` accepts.',
  },
  ODMD573: {
    title: 'A CDK app has no value for an input',
    fix: 'Publish contracts that declare the consumer; to synthesise offline, give the producer an example.',
  },
  ODMD574: {
    title: 'An input is not of the type that a CDK app was compiled with',
    fix: 'Build the app with the release of the contracts that is applied.',
  },
  ODMD575: {
    title: 'A CDK app makes a stack that its contract does not have',
    fix: 'Use one of the suffixes in the `stacks` of the contract, or add it there.',
  },
  ODMD576: {
    title: 'A CDK app puts out what is no product of its enver, or not of its type',
    fix: 'Put every product of the own enver out once, with a value of the type in the contracts.',
  },
  ODMD577: {
    title: 'A physical name cannot be made',
    fix: 'Use a purpose of at most 32 letters, digits and single dashes, and room for 16 characters.',
  },
  ODMD580: {
    title: 'The platform keeps no container images',
    fix: 'Deploy the enver with a platform on AWS; on a laptop, let its consumers have placeholders.',
  },
  ODMD581: {
    title: 'The repository of an image is not there',
    fix: 'Publish the contracts that declare the image, and let the platform apply them.',
  },
  ODMD582: {
    title: 'An image that was pushed is not in the registry',
    fix: 'Let the tool push to the registry whose name the image has, and not to a mirror.',
  },
  ODMD590: {
    title: 'There is no package that can be published',
    fix: 'Give its package.json the name that the contract says and a version, and no `private`.',
  },
  ODMD591: {
    title: 'The registry of a package does not answer the job',
    fix: 'Give the job NODE_AUTH_TOKEN, with the permission to read and write packages.',
  },
  ODMD592: {
    title: 'A version of a package is published already, with other content',
    fix: 'Raise the version in package.json: a version that was published never changes.',
  },
};
