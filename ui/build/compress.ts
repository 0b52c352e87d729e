import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

/**
 * Keeps each file but the pages as `NAME.gz` alone, which is how the server embeds and sends it.
 *
 * gzip and not Brotli: over plain HTTP, as many a server inside a company runs, browsers take no Brotli.
 */
export function compress(): Plugin {
  return {
    name: 'highwater:compress',
    apply: 'build',
    writeBundle({ dir = '' }, bundle) {
      for (const name of Object.keys(bundle).filter((name) => !name.endsWith('.html'))) {
        const file = join(dir, name)
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
        rmSync(file)
      }
    },
  }
}
