import {
  ActionIcon,
  Button,
  Drawer,
  Menu,
  Modal,
  PasswordInput,
  Select,
  TagsInput,
  Textarea,
  TextInput,
  Tooltip,
  createTheme,
} from '@mantine/core'

// The library's own lock on scrolling writes a style element, which the policy forbids; theme.css does it.
const overlay = { lockScroll: false, transitionProps: { duration: 120 } }

/** Small, calm controls. The colours are in theme.css: the policy lets no script write a style sheet. */
export const theme = createTheme({
  cursorType: 'pointer',
  respectReducedMotion: true,
  defaultRadius: 'sm',
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    Drawer: Drawer.extend({ defaultProps: overlay }),
    Menu: Menu.extend({ defaultProps: { shadow: 'md', position: 'bottom-end', transitionProps: { duration: 80 } } }),
    Modal: Modal.extend({ defaultProps: { ...overlay, centered: true } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
    Select: Select.extend({ defaultProps: { size: 'xs', checkIconPosition: 'right' } }),
    TagsInput: TagsInput.extend({ defaultProps: { size: 'xs' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'xs' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 300, fz: 'xs' } }),
  },
})
