import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { Notifications } from '@mantine/notifications'

import { Shell } from './frame/Shell'
import { SessionGate } from './session'
import { theme } from './theme'

const colorScheme = localStorageColorSchemeManager({ key: 'highwater.theme' })

/** The page. */
export function App() {
  return (
    // Without the elements that would carry styles in the page: the policy allows none, the style sheet has them.
    <MantineProvider
      theme={theme}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <Notifications position="bottom-center" limit={4} />
      <SessionGate>
        <Shell />
      </SessionGate>
    </MantineProvider>
  )
}
