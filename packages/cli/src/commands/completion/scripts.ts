/** Completion scripts for bash, zsh and fish, from the table of commands. */
import type { CommandSpec, CommandTable, OptionSpec } from '../../command.js';

type Make = (table: CommandTable) => string;

/** `-o, --out <file>` → `-o`, `--out`. */
const names = ({ flags }: OptionSpec): string[] => flags.split(/[ ,]+/).filter((part) => part.startsWith('-'));
const takesValue = ({ flags }: OptionSpec): boolean => flags.includes('<');
const optionsOf = (command: CommandSpec, globals: readonly OptionSpec[]): readonly OptionSpec[] => [
  ...(command.options ?? []),
  ...globals,
];

/** Values that a command's argument can only have. */
const wordsOf = (command: CommandSpec): readonly string[] => command.words ?? [];

export const bashCompletion: Make = ({
  commands,
  globals,
}) => `# peerway completion for bash: source <(peerway completion bash)
_peerway() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${commands.map(({ name }) => name).join('|')}) command=$word; break ;; esac
  done
  COMPREPLY=()
  case $previous in
    --config|-c|--out|-o) COMPREPLY=($(compgen -f -- "$current")); return ;;
${[
  ...new Map(
    commands.flatMap((command) => optionsOf(command, globals)).map((option) => [option.flags, option]),
  ).values(),
]
  .filter(({ choices }) => choices !== undefined)
  .map(
    (option) =>
      `    ${names(option).join('|')}) COMPREPLY=($(compgen -W "${option.choices?.join(' ') ?? ''}" -- "$current")); return ;;`,
  )
  .join('\n')}
  esac
  case $command in
    '') COMPREPLY=($(compgen -W "${[...commands.map(({ name }) => name), ...globals.flatMap(names)].join(' ')}" -- "$current")) ;;
${commands
  .map((command) => {
    const words = [...wordsOf(command), ...optionsOf(command, globals).flatMap(names)].join(' ');
    return `    ${command.name}) COMPREPLY=($(compgen -W "${words}" -- "$current")) ;;`;
  })
  .join('\n')}
  esac
}
complete -F _peerway peerway`;

export const zshCompletion: Make = ({ commands, globals }) => {
  const quoted = (text: string): string =>
    text.replaceAll("'", "'\\''").replaceAll('[', '\\[').replaceAll(']', '\\]').replaceAll(':', '\\:');
  const spec = (option: OptionSpec): string[] =>
    names(option).map((name) => {
      const value = takesValue(option)
        ? `:value:${option.choices === undefined ? '_files' : `(${option.choices.join(' ')})`}`
        : '';
      return `'${name}[${quoted(option.about)}]${value}'`;
    });
  return `#compdef peerway
# peerway completion for zsh: peerway completion zsh > "\${fpath[1]}/_peerway"
_peerway() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    '${name}:${quoted(about)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments ${globals.flatMap(spec).join(' ')}
    return
  fi
  case $words[2] in
${commands
  .map((command) => {
    const words = wordsOf(command);
    const first = words.length > 0 ? ` '1:value:(${words.join(' ')})'` : '';
    return `    ${command.name}) shift words; (( CURRENT-- )); _arguments${first} ${optionsOf(command, globals).flatMap(spec).join(' ')} ;;`;
  })
  .join('\n')}
  esac
}
_peerway "$@"`;
};

export const fishCompletion: Make = ({ commands, globals }) => {
  const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const line = (condition: string, option: OptionSpec): string => {
    const flags = names(option).map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
    const value = takesValue(option)
      ? option.choices === undefined
        ? ' -r'
        : ` -x -a ${quoted(option.choices.join(' '))}`
      : '';
    return `complete -c peerway${condition} ${flags.join(' ')}${value} -d ${quoted(option.about)}`;
  };
  const at = (name: string): string => ` -n '__fish_seen_subcommand_from ${name}'`;
  return [
    '# peerway completion for fish: peerway completion fish > ~/.config/fish/completions/peerway.fish',
    'complete -c peerway -f',
    ...commands.map(({ name, about }) => `complete -c peerway -n __fish_use_subcommand -a ${name} -d ${quoted(about)}`),
    ...globals.map((option) => line('', option)),
    ...commands.flatMap((command) => [
      ...wordsOf(command).map((word) => `complete -c peerway${at(command.name)} -a ${word}`),
      ...(command.options ?? []).map((option) => line(at(command.name), option)),
    ]),
  ].join('\n');
};
