import { Kbd, Modal } from '@mantine/core'

const KEYS: [string[], string][] = [
  [['/'], 'Search'],
  [['n'], 'New pair'],
  [['↑', '↓'], 'From row to row'],
  [['Enter', 'e'], 'Open the row'],
  [['Space'], 'Select the row'],
  [['Delete'], 'Delete the row, with a few seconds to undo'],
  [['Ctrl S'], 'Save what is open'],
  [['Esc'], 'Close what is open'],
  [['?'], 'This list'],
]

/** The keys there are. */
export function Keyboard({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" closeButtonProps={{ 'aria-label': 'Close' }}>
      <dl className="keys">
        {KEYS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
