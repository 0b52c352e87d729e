import { Alert, Button, Group } from '@mantine/core'

import { useNow } from '../api/live'
import type { Pair } from '../api/pairs'
import { asKind, KIND_NAMES } from '../values/kinds'
import { ago } from '../values/time'
import { type Draft, draftOf } from './draft'

interface Props {
  mine: Draft
  theirs: Pair
  saving: boolean
  onTakeTheirs: () => void
  onKeepMine: () => void
}

/** Someone else wrote the pair while it was edited: both sides, and the choice. */
export function Conflict({ mine, theirs, saving, onTakeTheirs, onKeepMine }: Props) {
  const now = useNow(10_000)
  const there = draftOf(theirs)
  return (
    <Alert color="orange" role="alert" title="The pair was changed meanwhile">
      <div className="both">
        <Side title="Yours, not saved" kind={KIND_NAMES[mine.kind]} text={mine.field} />
        <Side
          title={`On the server: version ${theirs.version}, ${ago(theirs.updated, now)}`}
          kind={KIND_NAMES[asKind(theirs.type)]}
          text={there.field}
        />
      </div>
      <Group mt="sm">
        <Button variant="default" onClick={onTakeTheirs}>
          Take the server's
        </Button>
        <Button color="orange.9" loading={saving} onClick={onKeepMine}>
          Save yours over it
        </Button>
      </Group>
    </Alert>
  )
}

function Side({ title, kind, text }: { title: string; kind: string; text: string }) {
  return (
    <figure>
      <figcaption>
        {title} <span className="dim">({kind})</span>
      </figcaption>
      <pre className="code" tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </figure>
  )
}
