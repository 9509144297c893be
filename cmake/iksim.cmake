# The functions with which the folders say what is in them.
#
#   iksim_library(NAME sim SOURCES clock.c LINKS PkgConfig::XXHASH)
#   iksim_program(NAME iksim SOURCES main.c LINKS ik)      -> build/iksim
#   iksim_bench(NAME cpu SOURCES cpu.c LINKS isa)          -> build/bench/cpu
#   iksim_test(NAME sim.events SOURCES test_events.c LINKS sim)
#                                                   -> build/tests/sim.events
#   iksim_script_test(NAME cli.usage COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/t.sh
#                     $<TARGET_FILE:iksim>)
#
# Sources are named from the folder, or from the root of the tree. Includes
# are rooted: "sim/clock.h". A test may also take ARGS and ENVIRONMENT
# VAR=value, and be ONCE: what it looks at is the same whatever the compiler, or
# is a statistic, so that ./check makes it in the release build only (by its
# label, once). A script test is of the whole program: ./check makes it in the
# release build and under the sanitizers (its label: program), or, if it is
# EVERYWHERE, in the other compiler's build, too. A test's time limit is there for what hangs, not for what is
# slow: no busy machine may miss it.
# The target of a test or bench is its name with tests_ or bench_ before it
# and every dot an underscore.

# iksim_needs(PREFIX module version): makes PkgConfig::PREFIX, or ends with
# the sentence that says what to do.
function(iksim_needs prefix module version)
  # The version is part of the question, so that the cache keeps only a yes.
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL
    "${module}>=${version}")
  if(NOT ${prefix}_FOUND)
    execute_process(COMMAND ${PKG_CONFIG_EXECUTABLE} --modversion ${module}
      OUTPUT_VARIABLE found ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT found)
      set(found none)
    endif()
    message(FATAL_ERROR "${module} ${version} or later is needed, but this "
      "machine has ${found}. Run tools/setup, then configure again.")
  endif()
  set(${prefix}_VERSION ${${prefix}_VERSION} PARENT_SCOPE)
endfunction()

# Makes each source absolute: from this folder, or else from the root.
function(iksim_find_sources out)
  set(found "")
  foreach(source IN LISTS ARGN)
    if(IS_ABSOLUTE "${source}" OR EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${source}
        OR NOT EXISTS ${CMAKE_SOURCE_DIR}/${source})
      list(APPEND found ${source})
    else()
      list(APPEND found ${CMAKE_SOURCE_DIR}/${source})
    endif()
  endforeach()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

macro(iksim_arguments)
  cmake_parse_arguments(PARSE_ARGV 0 arg "ONCE;EVERYWHERE" "NAME"
    "SOURCES;LINKS;ARGS;ENVIRONMENT;COMMAND")
  if(DEFINED arg_UNPARSED_ARGUMENTS OR NOT DEFINED arg_NAME)
    message(FATAL_ERROR "iksim function with a wrong call: ${ARGV}")
  endif()
  iksim_find_sources(arg_SOURCES ${arg_SOURCES})
endmacro()

function(iksim_library)
  iksim_arguments(${ARGV})
  add_library(${arg_NAME} STATIC ${arg_SOURCES})
  target_include_directories(${arg_NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${arg_NAME} PUBLIC ${arg_LINKS} PRIVATE warnings)
  set_property(GLOBAL APPEND PROPERTY IKSIM_LIBRARIES ${arg_NAME})
endfunction()

# Makes TARGET, a program called NAME in the build's FOLDER.
function(iksim_executable target name folder)
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ${arg_LINKS} warnings)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name}
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/${folder})
endfunction()

function(iksim_program)
  iksim_arguments(${ARGV})
  iksim_executable(${arg_NAME} ${arg_NAME} .)
endfunction()

function(iksim_bench)
  iksim_arguments(${ARGV})
  string(MAKE_C_IDENTIFIER bench_${arg_NAME} target)
  iksim_executable(${target} ${arg_NAME} bench)
endfunction()

function(iksim_test_properties)
  set_tests_properties(${arg_NAME} PROPERTIES TIMEOUT 3600
    ENVIRONMENT "${arg_ENVIRONMENT}")
  if(arg_ONCE)
    set_tests_properties(${arg_NAME} PROPERTIES LABELS once)
  endif()
endfunction()

function(iksim_test)
  if(NOT IKSIM_TESTS)
    return()
  endif()
  iksim_arguments(${ARGV})
  string(MAKE_C_IDENTIFIER tests_${arg_NAME} target)
  list(APPEND arg_LINKS PkgConfig::CMOCKA)
  iksim_executable(${target} ${arg_NAME} tests)
  add_test(NAME ${arg_NAME} COMMAND ${target} ${arg_ARGS}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  iksim_test_properties()
endfunction()

function(iksim_script_test)
  if(NOT IKSIM_TESTS)
    return()
  endif()
  iksim_arguments(${ARGV})
  add_test(NAME ${arg_NAME} COMMAND ${arg_COMMAND}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  iksim_test_properties()
  if(NOT arg_ONCE AND NOT arg_EVERYWHERE)
    set_tests_properties(${arg_NAME} PROPERTIES LABELS program)
  endif()
endfunction()

# The rules that bind the tree as a whole. Call it after all folders.
function(iksim_tree_tests)
  iksim_script_test(NAME tree.includes_follow_the_arrows ONCE
    COMMAND ${CMAKE_SOURCE_DIR}/tools/check_includes.sh)
  iksim_script_test(NAME tree.is_tidy ONCE
    COMMAND ${CMAKE_SOURCE_DIR}/tools/check_tidy.sh)
  if(TARGET iksim)
    iksim_script_test(NAME tree.one_program_in_the_build COMMAND sh -c
      "test \"$(find . -maxdepth 1 -type f -executable | sort | xargs)\" = \"./iksim ./iksim-cc\"")
    set_tests_properties(tree.one_program_in_the_build PROPERTIES
      WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
  endif()
  if(IKSIM_HAVE_LWIP)
    iksim_script_test(NAME tree.guests_depend_on_lwips_headers
      COMMAND ${CMAKE_SOURCE_DIR}/tools/check_guest_headers.sh
        ${CMAKE_BINARY_DIR})
  endif()
  # The sanitizers add writable data of their own.
  get_property(libraries GLOBAL PROPERTY IKSIM_LIBRARIES)
  if(libraries AND NOT SANITIZE)
    list(TRANSFORM libraries REPLACE "(.+)" "$<TARGET_FILE:\\1>"
      OUTPUT_VARIABLE archives)
    iksim_script_test(NAME tree.no_mutable_globals
      COMMAND ${CMAKE_SOURCE_DIR}/tools/no_mutable_globals.sh ${archives})
  endif()
endfunction()

# iksim_header_check(pattern...): every header compiles alone, and twice.
function(iksim_header_check)
  file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${ARGV})
  set(probes "")
  foreach(header IN LISTS headers)
    string(MAKE_C_IDENTIFIER ${header} id)
    set(probe ${CMAKE_BINARY_DIR}/header_check/${id}.c)
    file(CONFIGURE OUTPUT ${probe} CONTENT
      "#include \"${header}\"\n#include \"${header}\"\ntypedef int ${id};\n")
    list(APPEND probes ${probe})
  endforeach()
  if(probes)
    add_library(header_check OBJECT ${probes})
    target_include_directories(header_check PRIVATE ${CMAKE_SOURCE_DIR})
    target_link_libraries(header_check PRIVATE warnings PkgConfig::CYAML
      PkgConfig::JANSSON PkgConfig::LUA PkgConfig::PCAP PkgConfig::XXHASH)
  endif()
endfunction()

# cmake --build build --target format-check (tidy, shell): see tools/lint.
function(iksim_lint_targets)
  foreach(name IN ITEMS format format-check tidy shell)
    add_custom_target(${name} USES_TERMINAL VERBATIM
      COMMAND ${CMAKE_SOURCE_DIR}/tools/lint ${name} ${CMAKE_BINARY_DIR})
  endforeach()
endfunction()
