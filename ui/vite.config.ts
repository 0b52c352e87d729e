import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

import { compress } from './build/compress.ts'

// `cargo build` runs this with `--outDir` (build.rs); `npm run dev` serves the sources before a server on port 4200.
export default defineConfig({
  plugins: [react(), compress()],
  build: {
    // A page each. `build.rs` and `src/http/ui.rs` need not know them all: add the file's route there.
    rolldownOptions: { input: ['index.html', 'graphiql.html', 'openapi.html'] },
    modulePreload: { polyfill: false },
    // The licences ask to be passed on with the code.
    license: { fileName: 'licenses.md' },
    // Monaco is what it is; it loads on its own page only.
    chunkSizeWarningLimit: 8192,
  },
  // What RapiDoc's sources call themselves; its bundle would hide the licences of what is in it.
  resolve: { alias: { '~': new URL('./node_modules/rapidoc/src', import.meta.url).pathname } },
  worker: { format: 'es' },
  server: {
    proxy: { '/graphql': { target: 'http://127.0.0.1:4200', ws: true }, '/openapi.json': 'http://127.0.0.1:4200' },
  },
})
