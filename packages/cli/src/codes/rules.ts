/** Why a rule of the contracts is one, and how contracts obey it. Titles and severities are the rules' own. */
export const ruleNotes: Readonly<Record<string, { why: string; fix: string }>> = {
  ODMD101: {
    why: 'The platform deploys only into accounts whose number it knows.',
    fix: "Use a name of the contracts' `accounts`, or declare the account there.",
  },
  ODMD102: {
    why: 'The platform takes sources only from repositories that it knows.',
    fix: "Use a name of the contracts' `repos`, or declare the repository there.",
  },
  ODMD103: {
    why: 'Whoever deploys into the account of the platform could change what it does.',
    fix: 'Move the enver to a workspace account.',
  },
  ODMD104: {
    why: 'Names of stacks, roles and paths are made of it.',
    fix: 'Use 1 to 64 letters, digits, `_` or `-`, other than `config`.',
  },
  ODMD105: {
    why: 'AWS compares many names without case, and some know no `_`: two builds would share them.',
    fix: 'Give each build an id of its own.',
  },
  ODMD106: {
    why: 'A push to the ref has to mean one enver of the build.',
    fix: 'Give each enver of the build a branch or tag of its own.',
  },
  ODMD107: {
    why: 'What is built once from a tag must not depend on what changes.',
    fix: 'Consume the product of an enver that is built from a tag.',
  },
  ODMD108: {
    why: 'Envers of one build are versions of the same thing, and a version does not depend on another one.',
    fix: 'Move one side to a build of its own, or pass the value inside the build.',
  },
  ODMD109: {
    why: 'The contracts are published by themselves; they cannot depend on what they describe.',
    fix: 'Declare the package of the contracts as one build with a ContractsLibEnver, without consumers.',
  },
  ODMD110: {
    why: "It becomes a part of the value's path in the config store.",
    fix: 'Use 1 to 64 letters, digits, `_`, `-` or `.` for each level, and each name once in an enver.',
  },
  ODMD111: {
    why: 'Commands get the value in an environment variable that is made of the id.',
    fix: 'Use 1 to 64 letters, digits, `_`, `-` or `.`, and ids that differ without case and signs.',
  },
  ODMD112: {
    why: 'It is deployed until the first real value exists.',
    fix: 'Give a placeholder of the type that the producer declares.',
  },
  ODMD113: {
    why: 'Offline synthesis and tests use it in the place of a real value.',
    fix: 'Give an example of the declared type.',
  },
  ODMD114: {
    why: 'Publishers in any language are checked against it, so it travels as data.',
    fix: 'Use plain JSON types, without refinements, transforms, defaults, dates, big integers or functions.',
  },
  ODMD115: {
    why: 'Each enver of the cycle would wait for the next one for ever.',
    fix: 'Give one consumer of the cycle a placeholder to start with.',
  },
  ODMD116: { why: 'Git would never have such a ref.', fix: 'Name a branch or tag that git accepts.' },
  ODMD117: { why: 'Names are made of it.', fix: 'Use 1 to 64 letters, digits, `_` or `-`.' },
  ODMD118: { why: 'AWS has no other.', fix: 'Give its twelve digits as a string.' },
  ODMD119: {
    why: 'A job sees its own repository only.',
    fix: 'Write it like `services/orders`; `.` is the whole repository.',
  },
  ODMD120: { why: 'AWS has no other.', fix: 'Use a region code such as `us-west-1`.' },
  ODMD121: {
    why: 'What other contracts declare, this org does not deploy.',
    fix: 'Pass the producer of an enver that is declared under the same Contracts.',
  },
  ODMD122: {
    why: 'Its job would do nothing, and call that a deployment.',
    fix: "Give it at least one command, such as `deploy: ['npm run deploy']`.",
  },
  ODMD123: {
    why: 'CI ends a run after six hours.',
    fix: 'Give a number above 0 and up to 360.',
  },
  ODMD124: { why: 'It is a count.', fix: "Give a whole number, or `clones: 'off'`." },
  ODMD125: {
    why: 'Names of files and settings are made of them.',
    fix: 'Use 1 to 64 letters, digits, `_` or `-`, a letter or digit first.',
  },
  ODMD126: {
    why: 'The platform would look for a repository that cannot exist.',
    fix: 'Give owner and name alone: `coffee` and `shop` of https://github.com/coffee/shop.',
  },
  ODMD127: {
    why: 'Two envers with one name would overwrite each other.',
    fix: 'Rename a build or an account, or give the stack or image another name.',
  },
  ODMD128: {
    why: 'A role of an account that nobody declared could be anybody.',
    fix: "Name an account of the contracts' `accounts` and an IAM role in it, without path and ARN.",
  },
  ODMD129: {
    why: 'A pattern or time that is not understood would clone nothing, or keep clones for ever.',
    fix: 'Write patterns like `feature/*`, each once, and times like `90m`, `72h` or `7d`.',
  },
  ODMD130: {
    why: 'The platform grants rights on exactly these stacks.',
    fix: 'Give at least one stack, and each a suffix of its own, of letters, digits and `-`.',
  },
  ODMD131: {
    why: 'A repository in the registry and a build are made of each.',
    fix: 'Name at least one image as ECR does, with paths that stay inside the folder of the build.',
  },
  ODMD132: {
    why: 'It is published under this name.',
    fix: 'Use lower-case letters, digits, `-`, `_` and `.`, with or without a scope: `@coffee/menu`.',
  },
  ODMD133: {
    why: 'They become tags of everything that the enver deploys.',
    fix: 'Use letters, digits, spaces and _ . : / = + - @, and no key that begins with `aws:` or `odmd:`.',
  },
  ODMD134: {
    why: 'An exec role that may change rights could give itself all of them.',
    fix: 'Write services as IAM actions begin, such as `dynamodb`; for more, add statements.',
  },
  ODMD135: {
    why: 'A clone has resources of its own: a name that is written in full would let it at those of its base.',
    fix: 'Name own resources by `{enver}`, or say that others use them too: `shared: true`.',
  },
  ODMD136: {
    why: 'The product holds the ARN of a secret; reading the secret needs its resource policy.',
    fix: 'Let the account read it, and say so with `readableFrom` on the product.',
  },
  ODMD137: {
    why: 'A product has one value at a time.',
    fix: 'Give all consumers of the product in this enver the same placeholder, or none.',
  },
  ODMD138: {
    why: 'It is the law of the org: it changes on one branch, and there is one.',
    fix: "Build it from the branch on which contracts are agreed, with `clones: 'off'`.",
  },
  ODMD139: {
    why: 'The platform would ask GitHub for an installation that cannot exist.',
    fix: "Give the number at the end of the installation's address, or leave it out.",
  },
  ODMD140: {
    why: 'The platform is installed in these regions, and what lives elsewhere nobody would look for.',
    fix: "Use a region of the contracts' `regions`, or add it there; list real regions, each once, the home first.",
  },
  ODMD141: {
    why: 'A person has one account, whichever copy of a service they use.',
    fix: "Leave the `clones` of a UserAuthEnver at 'off'.",
  },
  ODMD142: {
    why: 'What is central, or of production, by one name would not be by the other; and one account runs the platform.',
    fix: 'Give each account one name, and say `central: true` of one.',
  },
  ODMD190: {
    why: 'It may be left over, or the wiring forgotten.',
    fix: 'Consume it, remove it, or say `public: true` if it is for people to read.',
  },
  ODMD191: {
    why: 'It is never deployed.',
    fix: 'Declare an enver for it, or remove the build.',
  },
  ODMD192: {
    why: 'It may be left over, or the wiring forgotten.',
    fix: 'Wire it to the others; if it stands alone, mark what it makes for people as `public: true`.',
  },
  ODMD193: {
    why: 'A change goes round as long as values keep changing, up to a limit.',
    fix: 'Let one consumer of the circle ignore changes: `onChange: Reaction.ignore()`.',
  },
  ODMD194: {
    why: 'Every clone gets the same rights on what is shared.',
    fix: "If it must not, say `clones: 'off'`, or name a resource of its own by `{enver}`.",
  },
};
