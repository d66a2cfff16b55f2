# Completion of shapscope-cli for bash.

_shapscope_cli()
{
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} word=${COMP_WORDS[1]}

  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W 'info predict explain plot export-script --help --version' -- "$current"))
    return
  fi
  case $previous in
    --explainer) COMPREPLY=($(compgen -W 'auto tree path-dependent interventional
      global-path-dependent saabas banzhaf linear' -- "$current")); return ;;
    --space)
      if [ "$word" = predict ]; then COMPREPLY=($(compgen -W 'margin output logit' -- "$current"))
      else COMPREPLY=($(compgen -W 'margin probability log-loss' -- "$current")); fi
      return ;;
    --precision) COMPREPLY=($(compgen -W 'single double' -- "$current")); return ;;
    --trees) COMPREPLY=($(compgen -W 'best' -- "$current")); return ;;
    --theme) COMPREPLY=($(compgen -W 'light dark' -- "$current")); return ;;
    --palette) COMPREPLY=($(compgen -W 'shap okabe-ito print viridis cividis' -- "$current")); return ;;
    --color) COMPREPLY=($(compgen -W 'auto none' -- "$current")); return ;;
    --text) COMPREPLY=($(compgen -W 'text paths' -- "$current")); return ;;
    --points) COMPREPLY=($(compgen -W 'auto vector raster' -- "$current")); return ;;
  esac
  case $current in
    -*)
      case $word in
        info) COMPREPLY=($(compgen -W '--json --cite --help' -- "$current")) ;;
        predict)
          COMPREPLY=($(compgen -W '-o --space --target --rows --trees --threads --help' \
            -- "$current")) ;;
        explain)
          COMPREPLY=($(compgen -W '-o --explainer --background --cohort --space --interactions --pairs --target --rows --trees
            --seed --threads --precision --json --help' -- "$current")) ;;
        plot)
          COMPREPLY=($(compgen -W '-o --row --output --feature --color --interaction --max-display --order --link
            --size --dpi --x-limits --y-limits --palette --theme --title --font-size --text --points --font --background
            --note --seed --help' -- "$current")) ;;
      esac
      return ;;
  esac
  if [ "$word" = plot ] && [ "$COMP_CWORD" -eq 3 ]; then
    COMPREPLY=($(compgen -W 'all beeswarm bar waterfall force dependence interactions' -- "$current"))
    return
  fi
  compopt -o default 2>/dev/null
  COMPREPLY=()
}

complete -F _shapscope_cli shapscope-cli
