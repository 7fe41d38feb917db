import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where outputs are kept unless a call says otherwise: `GRAFT_CACHE`, or a folder `graft` where the system keeps caches of
 * a user (`XDG_CACHE_HOME` or `~/.cache`; `~/Library/Caches`; `%LOCALAPPDATA%`).
 */
export function defaultCacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  const { GRAFT_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = environment
  if (GRAFT_CACHE) return GRAFT_CACHE
  if (platform === 'win32') return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'graft', 'cache')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'graft')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'graft')
}
