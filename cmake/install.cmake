# What `cmake --install` puts below a prefix, and cpack into a package. The
# program finds all of it from its own place (cli/find.c), so that the prefix may
# be moved.
#
#   bin/                iksim
#   share/iksim/        guests, scenarios and plans; sdk/: what guests are
#                       compiled with
#   share/man/man1/     a page a command
#   share/bash-completion/, share/zsh/, share/fish/
#   share/doc/iksim/    the documents
if(NOT TARGET iksim)
  return()
endif()

# Manual pages and completions are what the program prints.
set(pages ${CMAKE_BINARY_DIR}/share)
add_custom_command(OUTPUT ${pages}/pages.stamp
  COMMAND ${CMAKE_SOURCE_DIR}/tools/pages $<TARGET_FILE:iksim> ${pages}
  COMMAND ${CMAKE_COMMAND} -E touch ${pages}/pages.stamp
  DEPENDS iksim ${CMAKE_SOURCE_DIR}/tools/pages
  COMMENT "Printing manual pages and completions" VERBATIM)
add_custom_target(pages ALL DEPENDS ${pages}/pages.stamp)

install(TARGETS iksim DESTINATION bin)
install(DIRECTORY ${CMAKE_BINARY_DIR}/guests
  DESTINATION ${IKSIM_DATA_FOLDER} FILES_MATCHING PATTERN *.elf PATTERN *.yaml)
foreach(name IN ITEMS scenarios plans paper)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/workloads/${name}
    DESTINATION ${IKSIM_DATA_FOLDER}/workloads FILES_MATCHING PATTERN *.yaml)
endforeach()
install(DIRECTORY ${pages}/ DESTINATION share PATTERN *.stamp EXCLUDE)
install(FILES README.md ARCHITECTURE.md LICENSE DESTINATION share/doc/iksim)
install(DIRECTORY docs/ DESTINATION share/doc/iksim/docs
  PATTERN man EXCLUDE PATTERN *.txt EXCLUDE)
