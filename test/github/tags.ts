import type { Inside } from './plugin.js';

const TAGS = /^\/repos\/([^/]+)\/([^/]+)\/tags$/;
const PREFIX = 'refs/tags/';

/**
 * The listing of tags as GitHub has it: every tag with the commit that it leads to. The emulator's has the tag objects,
 * and no tag without one.
 */
export function tagsOf({ routes, store }: Inside): void {
  routes.use('*', async (context, next) => {
    const [, owner, name] = TAGS.exec(new URL(context.req.raw.url).pathname) ?? [];
    const repo = store.repos.all().find(({ full_name }) => full_name === `${owner}/${name}`);
    if (!repo || context.req.method !== 'GET') {
      await next();
      return undefined;
    }
    const objects = new Map(store.tags.all().map(({ sha, object_sha }) => [sha, object_sha]));
    const refs = store.refs.all().filter(({ repo_id, ref }) => repo_id === repo.id && ref.startsWith(PREFIX));
    const tags = refs.map(({ ref, sha }) => ({
      name: ref.slice(PREFIX.length),
      commit: { sha: objects.get(sha) ?? sha },
    }));
    return context.json(tags);
  });
}
