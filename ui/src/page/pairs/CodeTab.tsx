import { Button, Stack, Text } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'

import type { Pair } from '../api/pairs'
import type { Kind } from '../values/kinds'
import { snippets } from '../values/snippets'
import { copy } from './copy'

/** Lines to paste elsewhere, for each way to the pair. */
export function CodeTab({ pair }: { pair: Pair }) {
  const { namespace, key, value_text: json } = pair
  const kind = pair.type as Kind
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        <code>$TOKEN</code> stands for your token: it is never written out here.
      </Text>
      {snippets({ origin: location.origin, namespace, key, kind, json }).map(({ name, text }) => (
        <section key={name} aria-label={name}>
          <div className="snippet-head">
            <h3>{name}</h3>
            <Button
              variant="subtle"
              size="compact-xs"
              leftSection={<IconCopy size={13} />}
              aria-label={`Copy the ${name} lines`}
              onClick={() => void copy(name, text)}
            >
              Copy
            </Button>
          </div>
          <pre className="code" tabIndex={0} aria-label={`${name} lines`}>
            {text}
          </pre>
        </section>
      ))}
    </Stack>
  )
}
