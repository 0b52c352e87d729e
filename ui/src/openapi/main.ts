import 'rapidoc/src/rapidoc.js'

import './openapi.css'

/** What of RapiDoc is on this page: the server's own document, and requests to this server only. */
const SETTINGS = {
  'spec-url': '/openapi.json',
  'render-style': 'view',
  'load-fonts': 'false',
  'show-header': 'false',
  'allow-server-selection': 'false',
  'allow-spec-url-load': 'false',
  'allow-spec-file-load': 'false',
  'persist-auth': 'false',
}

const dark = window.matchMedia('(prefers-color-scheme: dark)')
const viewer = document.createElement('rapi-doc')
for (const [name, value] of Object.entries(SETTINGS)) viewer.setAttribute(name, value)

const paint = () => viewer.setAttribute('theme', dark.matches ? 'dark' : 'light')
dark.addEventListener('change', paint)
paint()
document.body.append(viewer)
