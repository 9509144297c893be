# Guests: programs of the VMs, linked with Ilwaco, to build/guests/NAME.elf.
#
#   iksim_guest(NAME hello SOURCES hello.c)
#   iksim_guest(NAME httpd SOURCES httpd.c http_parser.c LWIP)
#   iksim_guest(NAME threads SOURCES threads.c FOLDER tests/guests)
#                                               -> build/tests/guests
#
# They are i586 programs without an operating system, whatever the host and its
# compiler, so their rules are our own: one compiler and one linker, which every
# supported Debian has in the same version, always with the same flags, no
# header and no library of the machine's, nothing of the machine in the image.
# So the images are the same bytes everywhere: these are the reference guests,
# whose hashes are in workloads/guests/reference.txt. With another compiler,
# -DIKSIM_GUEST_CC=gcc, and its own linker, the guests are others, and so are
# the figures of their runs: iksim says so of each.

find_program(IKSIM_GUEST_CC clang-19)
find_program(IKSIM_GUEST_LD ld.lld-19)
find_program(IKSIM_GUEST_AR ar REQUIRED)
if(NOT IKSIM_GUEST_CC)
  message(FATAL_ERROR "The guests are built by clang-19 and ld.lld-19, which "
    "this machine lacks. Run tools/setup, then configure again. (Or take "
    "another compiler, -DIKSIM_GUEST_CC=gcc; it makes other guests, with other "
    "figures than those of the documents.)")
endif()
execute_process(COMMAND ${IKSIM_GUEST_CC} --version
  OUTPUT_VARIABLE IKSIM_GUEST_COMPILER)
string(REGEX REPLACE "\n.*" "" IKSIM_GUEST_COMPILER "${IKSIM_GUEST_COMPILER}")
set(IKSIM_GUEST_TARGET_CLANG --target=i586-linux-gnu)
# Floating point by calls of libc/float. -mno-80387 alone does not say so of
# each conversion: clang 19 fails at one from `double` to `long long`.
set(IKSIM_GUEST_SOFT_CLANG -Xclang -target-feature -Xclang +soft-float)
# Our memcpy must not become a call of memcpy.
set(IKSIM_GUEST_TARGET_GCC -m32 -msoft-float -mstringop-strategy=libcall
  -fno-tree-loop-distribute-patterns -gno-record-gcc-switches
  -mpreferred-stack-boundary=2 -fno-align-labels -fno-align-jumps
  -fno-align-loops)
if(IKSIM_GUEST_COMPILER MATCHES clang)
  if(NOT IKSIM_GUEST_LD)
    message(FATAL_ERROR "The guests are linked by ld.lld-19, which this machine "
      "lacks. Run tools/setup, then configure again.")
  endif()
  set(IKSIM_GUEST_TARGET ${IKSIM_GUEST_TARGET_CLANG})
  set(IKSIM_GUEST_SOFT ${IKSIM_GUEST_SOFT_CLANG})
  set(IKSIM_GUEST_LINKER --ld-path=${IKSIM_GUEST_LD})
else()
  set(IKSIM_GUEST_TARGET ${IKSIM_GUEST_TARGET_GCC})
  set(IKSIM_GUEST_LINKER -no-pie)
endif()

# Says when the guests cannot be the reference guests, and why; iksim itself
# looks at the images. Of lwIP, the text that may be compiled counts, not the
# package's version: a mended application changes no guest.
function(iksim_compare_guests)
  set(lwip 2.2.1
    61fdb2ac1619ad2315bb9d17860cfbdd8267fb511322d323ee4566dc80a3c7e3)
  if(NOT IKSIM_GUEST_COMPILER MATCHES "clang version 19\\.1\\.7")
    message(STATUS "The guests are not the reference guests: "
      "${IKSIM_GUEST_COMPILER} builds them, and not clang 19.1.7")
  endif()
  if(NOT IKSIM_HAVE_LWIP)
    return()
  endif()
  set(src ${IKSIM_LWIP_DIR}/src)
  file(GLOB_RECURSE texts RELATIVE ${src} ${src}/core/*.c ${src}/include/*.h)
  list(FILTER texts EXCLUDE REGEX "/(apps|ipv6|compat)/")
  list(SORT texts)
  set(hashes "")
  foreach(text IN LISTS texts)
    file(SHA256 ${src}/${text} hash)
    string(APPEND hashes "${hash}  ${text}\n")
  endforeach()
  string(SHA256 hash "${hashes}")
  if(NOT hash IN_LIST lwip)
    list(GET lwip 0 version)
    message(STATUS "The guests with a network are not the reference guests: "
      "the source of lwIP in ${IKSIM_LWIP_DIR} is not that of ${version} "
      "(its hash is ${hash}). Remove it and run tools/setup to get that")
  endif()
endfunction()

# These hold for iksim-cc, too.
set(IKSIM_GUEST_RULES
  -march=i586 -mtune=i686 -O2 -std=c17
  # The subset: integers only.
  -mno-mmx -mno-sse -mno-80387
  # Freestanding, but the compiler may know what strlen and memcpy are.
  -ffreestanding -fbuiltin -nostdinc
  # One address space, fixed; no run-time support.
  -fno-pic -fno-pie -static -fcf-protection=none -fno-stack-protector
  -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-common
  # Dense text: every page of it is a frame in each VM.
  -ffunction-sections -fdata-sections -fno-align-functions
  -fno-ident)
set(IKSIM_GUEST_LINK_RULES
  -nostdlib -static -Wl,--build-id=none -Wl,--gc-sections -Wl,-z,noexecstack)

set(IKSIM_GUEST_FLAGS ${IKSIM_GUEST_TARGET} ${IKSIM_GUEST_RULES}
  ${IKSIM_GUEST_SOFT}
  # The same image from any directory.
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/="
  -I${CMAKE_SOURCE_DIR} -isystem ${CMAKE_SOURCE_DIR}/ilwaco/include)

# The host's warnings, less those only clang knows.
set(IKSIM_GUEST_WARNINGS
  -Wall -Wextra -Wpedantic -Werror
  -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wcast-align
  -Wstrict-prototypes -Wmissing-prototypes -Wmissing-declarations
  -Wold-style-definition -Wpointer-arith -Wwrite-strings -Wundef
  -Wvla -Wimplicit-fallthrough -Wswitch-enum -Wformat=2
  -Wnull-dereference -Wdouble-promotion)

# lwIP's headers are the system's, its sources are not ours to warn about.
set(IKSIM_GUEST_LWIP_FLAGS
  "-ffile-prefix-map=${IKSIM_LWIP_DIR}/=lwip/" -I${CMAKE_SOURCE_DIR}/ilwaco/net
  -isystem ${IKSIM_LWIP_DIR}/src/include)

# Compiles each source to an object below this folder's build, and names the
# objects in OUT: iksim_guest_objects(OUT FLAGS flag... SOURCES source...). What
# is compiled with other flags as well needs a VARIANT, a word for these.
function(iksim_guest_objects out)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "VARIANT" "FLAGS;SOURCES")
  set(objects "")
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE path)
    cmake_path(GET path PARENT_PATH folder)
    cmake_path(GET folder FILENAME folder)
    cmake_path(GET path FILENAME file)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/objects/${folder}${arg_VARIANT}/${file}.o)
    cmake_path(GET object PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${object}
      COMMAND ${IKSIM_GUEST_CC} ${IKSIM_GUEST_FLAGS} ${arg_FLAGS}
        -MD -MT ${object} -MF ${object}.d -c ${path} -o ${object}
      DEPENDS ${path} ${CMAKE_SOURCE_DIR}/cmake/guest.cmake
      DEPFILE ${object}.d
      COMMENT "Compiling guest object ${file}" VERBATIM)
    list(APPEND objects ${object})
  endforeach()
  set(${out} ${objects} PARENT_SCOPE)
endfunction()

# An archive of guest objects, as target guest_NAME.
function(iksim_guest_library name)
  set(archive ${CMAKE_CURRENT_BINARY_DIR}/lib${name}.a)
  add_custom_command(OUTPUT ${archive}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${archive}
    COMMAND ${IKSIM_GUEST_AR} rcsD ${archive} ${ARGN}
    DEPENDS ${ARGN} COMMENT "Archiving guest library ${name}" VERBATIM)
  add_custom_target(guest_${name} ALL DEPENDS ${archive})
  set_target_properties(guest_${name} PROPERTIES ARCHIVE ${archive})
endfunction()

function(iksim_guest)
  cmake_parse_arguments(PARSE_ARGV 0 arg "LWIP" "NAME;FOLDER" "SOURCES")
  if(NOT DEFINED arg_FOLDER)
    set(arg_FOLDER guests)
  endif()
  set(libraries ilwaco)
  set(flags ${IKSIM_GUEST_WARNINGS})
  set(variant "")
  if(arg_LWIP)
    if(NOT IKSIM_HAVE_LWIP)
      return()
    endif()
    list(PREPEND libraries ilwaco_net)
    list(APPEND flags ${IKSIM_GUEST_LWIP_FLAGS})
    set(variant VARIANT -lwip)
  endif()
  iksim_guest_objects(objects ${variant} FLAGS ${flags} SOURCES ${arg_SOURCES})

  set(archives "")
  set(targets "")
  foreach(library IN LISTS libraries)
    get_target_property(archive guest_${library} ARCHIVE)
    list(APPEND archives ${archive})
    list(APPEND targets guest_${library})
  endforeach()

  # The linker makes programs; this is none for the machine that builds it.
  set(image ${CMAKE_BINARY_DIR}/${arg_FOLDER}/${arg_NAME}.elf)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/${arg_FOLDER})
  set(script ${CMAKE_SOURCE_DIR}/ilwaco/guest.ld)
  add_custom_command(OUTPUT ${image}
    COMMAND ${IKSIM_GUEST_CC} ${IKSIM_GUEST_TARGET} ${IKSIM_GUEST_LINKER}
      ${IKSIM_GUEST_LINK_RULES} -Wl,--fatal-warnings -Wl,-u,ilwaco_entry -T ${script}
      ${objects} -Wl,--start-group ${archives} -Wl,--end-group -o ${image}
    COMMAND chmod 644 ${image}
    DEPENDS ${objects} ${archives} ${targets} ${script}
    COMMENT "Linking guest ${arg_NAME}" VERBATIM)
  add_custom_target(guest_${arg_NAME} ALL DEPENDS ${image})
  set_target_properties(guest_${arg_NAME} PROPERTIES IMAGE ${image})
  set_property(GLOBAL APPEND PROPERTY IKSIM_GUEST_IMAGES ${image})
endfunction()
